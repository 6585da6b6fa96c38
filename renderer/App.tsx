import { useEffect, useMemo, useState } from 'react';
import type { AwsProfile } from '../shared/aws-profile.ts';
import type { CollectionListing } from '../shared/collection.ts';
import type { Connection } from '../shared/connection.ts';
import type { ApplicationState } from '../shared/contract.ts';
import type { ErrorCode } from '../shared/result.ts';
import { toAppError } from './api/call.ts';
import { useHost } from './api/host.ts';
import { useCollections, useConnections, useView } from './api/collection-queries.ts';
import { useContractEvents } from './api/contract-events.ts';
import { useSyncs } from './api/search-queries.ts';
import { useApplicationState, useKeptWorkspace, useSettings, useWriteSettings } from './api/settings-queries.ts';
import { useCommands } from './commands/registry.ts';
import { switchCommands } from './commands/switch-commands.ts';
import { CommandContextProvider, type CommandContext } from './commands/context.ts';
import { useMenuBar } from './commands/use-menu-bar.ts';
import { useShortcuts } from './commands/use-shortcuts.ts';
import { ConnectionSwitcher } from './connections/ConnectionSwitcher.tsx';
import { WelcomePage } from './connections/WelcomePage.tsx';
import { ImportDrop } from './transfer/import/ImportDrop.tsx';
import { JobsBar } from './jobs/JobsBar.tsx';
import { JobsPanel } from './jobs/JobsPanel.tsx';
import { useJobNews } from './jobs/use-job-news.ts';
import { RequestPanel } from './requests/RequestPanel.tsx';
import { CollectionView } from './query/CollectionView.tsx';
import { keepSessions, sessionOf } from './query/sessions.ts';
import { SqlView } from './sql/SqlView.tsx';
import { connectionsDown, failedSyncs } from './shell/connections-down.ts';
import { Dialogs } from './shell/Dialogs.tsx';
import { beginning, keepWorkspace, windowId } from './shell/kept-workspace.ts';
import { HostBanner } from './shell/HostBanner.tsx';
import { InspectorPlace } from './shell/InspectorPlace.tsx';
import { Notes } from './shell/Notes.tsx';
import { Resizer } from './shell/Resizer.tsx';
import { Sidebar } from './shell/Sidebar.tsx';
import { STAGE_ID, tabId } from './shell/Tabs.tsx';
import { useTheme } from './shell/theme.ts';
import { TitleBar } from './shell/TitleBar.tsx';
import styles from './shell/Window.module.css';
import { useWorkspace, type OpenDialog, type Panel } from './shell/workspace.ts';
import { classes } from './ui/classes.ts';
import { EmptyState } from './ui/EmptyState.tsx';
import { FailurePage } from './ui/FailurePage.tsx';

const SIDEBAR = { width: 208, narrowest: 176, widest: 480 };
const PANEL = { width: 280, narrowest: 144, widest: 640 };
const INSPECTOR = { width: 296, narrowest: 264, widest: 720 };
const PANEL_NAMES: Readonly<Record<Panel, string>> = { requests: 'Request log', jobs: 'Jobs' };
const NOTHING: readonly never[] = [];
const OF_THE_FOLDER: ReadonlySet<ErrorCode> = new Set([
  'data-folder-in-use',
  'data-folder-newer',
  'data-folder-unusable',
  'disk-full',
]);

/** The page: nothing is drawn before it is known which shell and system this is, which takes one call. */
export function App() {
  useContractEvents();
  const settings = useSettings();
  useTheme(settings.theme);
  const application = useApplicationState();
  const connections = useConnections();
  const collections = useCollections();
  const kept = useKeptWorkspace(windowId());
  const started = useWorkspace((workspace) => workspace.started);
  const start = useWorkspace((workspace) => workspace.start);
  const known = connections.data !== undefined && collections.data !== undefined && kept !== undefined;
  useEffect(() => {
    if (!known) return;
    start(beginning(kept), firstCollection(connections.data, collections.data));
  }, [known, kept, connections.data, collections.data, start]);
  useEffect(keepWorkspace, []);
  // What was shown stays where only reading it again fails: a Dipper that was killed then is the banner's matter.
  const missing = [application, connections, collections].find(
    ({ data, error }) => data === undefined && error !== null,
  );
  if (missing !== undefined) {
    const error = toAppError(missing.error);
    if (error.code === 'access-denied' && error.detail?.status === 401) {
      return (
        <EmptyState
          icon="ladle"
          title="Ask Dipper for a new address"
          lead="An address that Dipper prints opens one page, once and soon; a bookmark or an address typed by hand opens none. Run dipper serve where Dipper runs: it prints a new one."
        />
      );
    }
    return (
      <FailurePage
        error={error}
        place="Dipper"
        remedies={{
          'try-again': { label: 'Try again', run: () => window.location.reload() },
          reload: { label: 'Reload', run: () => window.location.reload() },
        }}
        safe={OF_THE_FOLDER.has(error.code) ? ['Records in S3 are not touched.'] : []}
      />
    );
  }
  if (application.data === undefined || !known || !started) return null;
  return <Frame application={application.data} />;
}

function Frame({ application }: { readonly application: ApplicationState }) {
  const connections = useConnections().data ?? NOTHING;
  const collections = useCollections().data ?? NOTHING;
  const settings = useSettings();
  const writeSettings = useWriteSettings();
  const workspace = useWorkspace();
  const [dragged, setDragged] = useState<{ sidebar?: number; inspector?: number; panel?: number }>({});

  const tab = workspace.tabs.find(({ id }) => id === workspace.activeTab) ?? null;
  const collection = collections.find(({ id }) => id === tab?.collection) ?? null;
  const connection = connections.find(({ id }) => id === collection?.connectionId) ?? null;
  const view = useView(collection?.id ?? null);
  const session = tab === null || collection === null ? null : sessionOf(tab, collection.id);

  const context = useMemo(
    (): CommandContext => ({
      shell: application.shell,
      platform: application.platform,
      workspace,
      settings,
      writeSettings,
      tab,
      collection,
      connection,
      view,
      session,
    }),
    [application, workspace, settings, writeSettings, tab, collection, connection, view, session],
  );
  useCommands(useMemo(() => switchCommands(connections), [connections]));
  useShortcuts(context);
  useMenuBar(context);
  useJobNews();

  const host = useHost();
  const failed = useSyncs(failedSyncs);
  const down = useMemo(() => connectionsDown(collections, failed), [collections, failed]);

  const { tabs, keepCollections, openCollection, openDialog } = workspace;
  const newConnection = () => openDialog({ kind: 'connection', connection: null });
  const openBucket = (id: string) => openDialog({ kind: 'collection', connection: id, collection: null });
  const openProfile = ({ id }: Connection, { name, signIn }: AwsProfile) => {
    const next: OpenDialog = { kind: 'collection', connection: id, collection: null };
    openDialog(signIn === null ? next : { kind: 'sign-in', profile: name, next });
  };
  useEffect(() => keepSessions(tabs.map(({ id }) => id)), [tabs]);
  useEffect(() => keepCollections(collections.map(({ id }) => id)), [collections, keepCollections]);

  const sidebar = dragged.sidebar ?? settings.sidebarWidth ?? SIDEBAR.width;
  const inspectorShown = workspace.inspectorOpen && tab !== null && collection !== null && connection !== null;
  const inspector = dragged.inspector ?? settings.inspectorWidth ?? INSPECTOR.width;
  const panelHeight = dragged.panel ?? settings.requestsHeight ?? PANEL.width;
  return (
    <CommandContextProvider value={context}>
      <div
        className={classes(styles.window, connection?.environment === 'production' && styles.production)}
        style={{
          ['--sidebar-width' as string]: `${sidebar}px`,
          // The grid keeps some rows, however low the window is.
          ['--panel-height' as string]: workspace.panel === null ? '0px' : `min(${panelHeight}px, 100vh - 280px)`,
          ['--inspector-width' as string]: `${inspector}px`,
        }}
      >
        <TitleBar
          collections={collections}
          switcher={
            <ConnectionSwitcher
              connections={connections}
              collections={collections}
              current={connection ?? connections[0] ?? null}
              down={new Set(down.keys())}
              onOpenCollection={openCollection}
              onNew={newConnection}
              onProfile={openProfile}
              onEdit={(id) => openDialog({ kind: 'connection', connection: id })}
              onRemove={(id) => openDialog({ kind: 'remove-connection', connection: id })}
              onOpenBucket={openBucket}
            />
          }
        />
        <section className={styles.side} aria-label="Sidebar">
          <Sidebar connections={connections} collections={collections} shown={collection?.id ?? null} down={down} />
          <Resizer
            label="Width of the sidebar"
            side="right"
            {...SIDEBAR}
            width={sidebar}
            onMove={(width) => setDragged((before) => ({ ...before, sidebar: width }))}
            onSettle={(width) => {
              setDragged({});
              writeSettings({ sidebarWidth: width });
            }}
          />
        </section>
        <main className={styles.stage}>
          <HostBanner state={host} />
          <Notes notes={application.notes} />
          {tab !== null && collection !== null ? (
            <div id={STAGE_ID} role="tabpanel" aria-labelledby={tabId(tab)} className={styles.panel}>
              {tab.language === 'sql' ? (
                <SqlView key={tab.id} tab={tab} collection={collection} connection={connection} />
              ) : (
                <CollectionView key={tab.id} tab={tab} collection={collection} connection={connection} />
              )}
            </div>
          ) : (
            <div
              id={STAGE_ID}
              role={tab === null ? undefined : 'tabpanel'}
              aria-labelledby={tab === null ? undefined : tabId(tab)}
              className={styles.panel}
            >
              <WelcomePage
                connections={connections}
                collections={collections}
                onOpenCollection={openCollection}
                onNewConnection={newConnection}
                onOpenBucket={openBucket}
                onProfile={openProfile}
              />
            </div>
          )}
        </main>
        {inspectorShown ? (
          <section className={styles.record} aria-label="Inspector">
            <Resizer
              label="Width of the inspector"
              side="left"
              {...INSPECTOR}
              width={inspector}
              onMove={(width) => setDragged((before) => ({ ...before, inspector: width }))}
              onSettle={(width) => {
                setDragged({});
                writeSettings({ inspectorWidth: width });
              }}
            />
            <InspectorPlace tab={tab} collection={collection} connection={connection} />
          </section>
        ) : null}
        {workspace.panel === null ? null : (
          <section className={styles.below} aria-label={PANEL_NAMES[workspace.panel]}>
            <Resizer
              label={`Height of the ${PANEL_NAMES[workspace.panel].toLowerCase()}`}
              side="top"
              {...PANEL}
              width={panelHeight}
              onMove={(height) => setDragged((before) => ({ ...before, panel: height }))}
              onSettle={(height) => {
                setDragged({});
                writeSettings({ requestsHeight: height });
              }}
            />
            {workspace.panel === 'requests' ? (
              <RequestPanel collections={collections} />
            ) : (
              <JobsPanel collections={collections} />
            )}
          </section>
        )}
        <JobsBar collections={collections} />
      </div>
      <ImportDrop />
      <Dialogs connections={connections} collections={collections} />
    </CommandContextProvider>
  );
}

/** Somebody who has only the Sandbox sees records at once, rather than a page about them. */
function firstCollection(connections: readonly Connection[], collections: readonly CollectionListing[]): string | null {
  const onlySandbox = connections.every(({ kind }) => kind === 'sandbox');
  return onlySandbox ? (collections[0]?.id ?? null) : null;
}
