import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { useJobs } from '../api/job-queries.ts';
import { ChangeRecordsDialog } from '../change/ChangeRecordsDialog.tsx';
import { CopyRecordsDialog } from '../change/CopyRecordsDialog.tsx';
import { placeOf } from '../change/DestinationField.tsx';
import { PromoteDialog } from '../change/PromoteDialog.tsx';
import { UndeleteDialog } from '../change/UndeleteDialog.tsx';
import { useSyncExternalStore } from 'react';
import { wholeAnswer } from '../commands/availability.ts';
import { CommandPalette } from '../commands/CommandPalette.tsx';
import { useCommandContext } from '../commands/context.ts';
import { ShortcutSheet } from '../commands/ShortcutSheet.tsx';
import { CollectionDialog } from '../connections/CollectionDialog.tsx';
import { ConnectionDialog } from '../connections/ConnectionDialog.tsx';
import { ElsewhereDialog } from '../connections/ElsewhereDialog.tsx';
import { ConnectionsDialog } from '../connections/ConnectionsDialog.tsx';
import { ImportConnectionsDialog } from '../connections/ImportConnectionsDialog.tsx';
import { ForgetCollectionDialog } from '../connections/ForgetCollectionDialog.tsx';
import { RemoveCollectionDialog, RemoveConnectionDialog } from '../connections/RemoveDialogs.tsx';
import { StartLocalStackDialog } from '../connections/StartLocalStackDialog.tsx';
import { SignInDialog } from '../connections/SignInDialog.tsx';
import { AboutDialog } from '../help/AboutDialog.tsx';
import { DiagnosticsDialog } from '../help/DiagnosticsDialog.tsx';
import { ImportDialog } from '../transfer/import/ImportDialog.tsx';
import { pickedObject } from '../transfer/import/picked-source.ts';
import { DeleteRecordsDialog } from '../jobs/DeleteRecordsDialog.tsx';
import { writtenBy } from '../jobs/job-actions.ts';
import { RebuildIndexDialog } from '../jobs/RebuildIndexDialog.tsx';
import { RetryJobDialog } from '../jobs/RetryJobDialog.tsx';
import { UndoJobDialog } from '../jobs/UndoJobDialog.tsx';
import type { Place } from '../jobs/StartJobDialog.tsx';
import { CopyQueryDialog } from '../query/CopyQueryDialog.tsx';
import { QueriesDialog } from '../query/QueriesDialog.tsx';
import { SaveQueryDialog } from '../query/SaveQueryDialog.tsx';
import { RestoreRecordsDialog } from '../storage/RestoreRecordsDialog.tsx';
import { SetClassDialog } from '../storage/SetClassDialog.tsx';
import { sessionOf } from '../query/sessions.ts';
import { DeleteRecordDialog } from '../record/DeleteRecordDialog.tsx';
import { NewRecordDialog } from '../record/NewRecordDialog.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';
import { ExportDialog } from '../transfer/ExportDialog.tsx';
import { currentWorkspace, useWorkspace, type OpenDialog } from './workspace.ts';

export interface DialogsProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
}

/** The one dialog that is open. */
export function Dialogs({ connections, collections }: DialogsProps) {
  const dialog = useWorkspace((workspace) => workspace.dialog);
  return dialog === null ? null : <OneDialog dialog={dialog} connections={connections} collections={collections} />;
}

function OneDialog({ dialog, connections, collections }: DialogsProps & { readonly dialog: OpenDialog }) {
  const { closeDialog, openCollection, closeCollection, say } = currentWorkspace();
  switch (dialog.kind) {
    case 'palette':
      return <CommandPalette connections={connections} collections={collections} onClose={closeDialog} />;
    case 'shortcuts':
      return <ShortcutSheet onClose={closeDialog} />;
    case 'settings':
      return <SettingsDialog onClose={closeDialog} />;
    case 'diagnostics':
      return <DiagnosticsDialog onClose={closeDialog} />;
    case 'about':
      return <AboutDialog onClose={closeDialog} />;
    case 'connection':
      return (
        <ConnectionDialog
          connection={connections.find(({ id }) => id === dialog.connection) ?? null}
          connections={connections}
          onClose={closeDialog}
          onSaved={(connection) => connectionSaved(connection, dialog.connection === null, collections)}
        />
      );
    case 'sign-in':
      return (
        <SignInDialog
          profile={dialog.profile}
          onClose={closeDialog}
          onSignedIn={() => {
            if (dialog.next === null) closeDialog();
            else currentWorkspace().openDialog(dialog.next);
            say(`Signed in to ${dialog.profile}`);
            rerunWaitingTabs();
          }}
        />
      );
    case 'connections':
      return <ConnectionsDialog connections={connections} collections={collections} onClose={closeDialog} />;
    case 'import-connections':
      return <ImportConnectionsDialog file={dialog.file} onClose={closeDialog} />;
    case 'remove-connection': {
      const connection = connections.find(({ id }) => id === dialog.connection);
      if (connection === undefined) return null;
      const own = collections.filter(({ connectionId }) => connectionId === connection.id);
      return (
        <RemoveConnectionDialog
          connection={connection}
          collections={own}
          onClose={closeDialog}
          onRemoved={closeDialog}
        />
      );
    }
    case 'start-localstack':
      return <StartLocalStackDialog onClose={closeDialog} />;
    case 'show-elsewhere': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      if (collection === undefined) return null;
      return <ShowElsewhere collection={collection} connections={connections} connectionId={dialog.connection} />;
    }
    case 'collection':
      return (
        <CollectionDialog
          connections={connections}
          connectionId={dialog.connection}
          collection={collections.find(({ id }) => id === dialog.collection) ?? null}
          rowsOf={dialog.rowsOf ?? null}
          onClose={closeDialog}
          onSaved={(collection) => {
            closeDialog();
            if (dialog.rowsOf !== undefined) {
              const { bucket, key } = dialog.rowsOf;
              currentWorkspace().openDialog({
                kind: 'import',
                collection: collection.id,
                picked: pickedObject(bucket, key),
              });
            }
            rerunTabs([collection.id]);
            openCollection(collection.id);
          }}
        />
      );
    case 'remove-collection': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      if (collection === undefined) return null;
      return <RemoveCollectionDialog collection={collection} onClose={closeDialog} onRemoved={closeDialog} />;
    }
    case 'forget-collection': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      if (collection === undefined) return null;
      return (
        <ForgetCollectionDialog
          collection={collection}
          onClose={closeDialog}
          onForgotten={() => {
            closeCollection(collection.id);
            say(`${collection.name} forgotten on this machine`);
            closeDialog();
          }}
        />
      );
    }
    case 'set-class': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      const connection = connections.find(({ id }) => id === collection?.connectionId);
      if (collection === undefined || connection === undefined) return null;
      return (
        <SetClassDialog collection={collection} connection={connection} chosen={dialog.chosen} onClose={closeDialog} />
      );
    }
    case 'import': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      const connection = connections.find(({ id }) => id === collection?.connectionId);
      if (collection === undefined || connection === undefined) return null;
      return (
        <ImportDialog collection={collection} connection={connection} picked={dialog.picked} onClose={closeDialog} />
      );
    }
    case 'new-record':
    case 'delete-record': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      const connection = connections.find(({ id }) => id === collection?.connectionId);
      if (collection === undefined || connection === undefined) return null;
      return <RecordDialog dialog={dialog} collection={collection} connection={connection} />;
    }
    case 'save-query': {
      const tab = currentWorkspace().tabs.find(({ id }) => id === dialog.tab);
      if (tab === undefined) return null;
      return (
        <SaveQueryDialog
          collection={dialog.collection}
          tab={tab}
          onClose={closeDialog}
          onSaved={(name) => {
            say(`The query is saved as ${name}`);
            closeDialog();
          }}
        />
      );
    }
    case 'copy-query': {
      const tab = currentWorkspace().tabs.find(({ id }) => id === dialog.tab);
      const collection = collections.find(({ id }) => id === dialog.collection);
      const connection = connections.find(({ id }) => id === collection?.connectionId);
      if (tab === undefined || collection === undefined || connection === undefined) return null;
      return (
        <CopyQueryDialog
          collection={collection}
          connection={connection}
          tab={tab}
          onClose={closeDialog}
          onCopied={(name) => {
            say(`The query is copied as ${name}`);
            closeDialog();
          }}
        />
      );
    }
    case 'queries': {
      const name = collections.find(({ id }) => id === dialog.collection)?.name ?? '';
      return (
        <QueriesDialog
          collection={dialog.collection}
          name={name}
          tab={dialog.tab}
          shown={dialog.shown}
          onClose={closeDialog}
        />
      );
    }
    case 'rebuild-index': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      const connection = connections.find(({ id }) => id === collection?.connectionId);
      if (collection === undefined || connection === undefined) return null;
      return <RebuildIndexDialog collection={collection} connection={connection} onClose={closeDialog} />;
    }
    case 'export': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      const connection = connections.find(({ id }) => id === collection?.connectionId);
      if (collection === undefined || connection === undefined) return null;
      const { chosen, query, sql } = dialog;
      return (
        <ExportDialog
          collection={collection}
          connection={connection}
          chosen={chosen}
          query={query}
          sql={sql}
          onClose={closeDialog}
        />
      );
    }
    case 'delete-records':
    case 'change-records':
    case 'copy-records':
    case 'restore-records': {
      const place = placeOf(dialog.collection, connections, collections);
      if (place === null) return null;
      const asked = { ...place, chosen: dialog.chosen, onClose: closeDialog };
      switch (dialog.kind) {
        case 'copy-records':
          return (
            <CopyRecordsDialog
              {...asked}
              connections={connections}
              collections={collections}
              first={dialog.to ?? null}
            />
          );
        case 'change-records':
          return <ChangeRecordsDialog {...asked} />;
        case 'restore-records':
          return <RestoreRecordsDialog {...asked} />;
        case 'delete-records':
          return <DeleteRecordsDialog {...asked} />;
      }
    }
    case 'promote':
    case 'undelete': {
      const place = placeOf(dialog.collection, connections, collections);
      if (place === null) return null;
      if (dialog.kind === 'undelete') return <UndeleteDialog {...place} onClose={closeDialog} />;
      const { to = null } = dialog;
      return (
        <PromoteDialog
          key={`${dialog.collection} ${to ?? ''}`}
          {...place}
          connections={connections}
          collections={collections}
          first={to}
          onClose={closeDialog}
        />
      );
    }
    case 'undo-job':
    case 'retry-job':
      return <JobAgainDialog dialog={dialog} connections={connections} collections={collections} />;
  }
}

interface ShowElsewhereProps {
  readonly collection: CollectionListing;
  readonly connections: readonly Connection[];
  readonly connectionId: string | null;
}

/** With what its tab shows: that can be copied there. */
function ShowElsewhere({ collection, connections, connectionId }: ShowElsewhereProps) {
  const context = useCommandContext();
  const session = context.collection?.id === collection.id ? context.session : null;
  const state = useSyncExternalStore(session?.subscribe ?? subscribeToNothing, () => session?.state() ?? null);
  const isWhole = state?.answer?.opened.complete === true;
  return (
    <ElsewhereDialog
      collection={collection}
      connections={connections}
      connectionId={connectionId}
      answer={isWhole ? wholeAnswer(context) : null}
      onClose={currentWorkspace().closeDialog}
    />
  );
}

function subscribeToNothing(): () => void {
  return () => undefined;
}

interface JobAgainDialogProps extends DialogsProps {
  readonly dialog: Extract<OpenDialog, { readonly kind: 'undo-job' | 'retry-job' }>;
}

function JobAgainDialog({ dialog, connections, collections }: JobAgainDialogProps) {
  const job = useJobs().data?.find(({ id }) => id === dialog.job);
  if (job === undefined) return null;
  const [first, ...others] = writtenBy(job)
    .map((collection) => placeOf(collection, connections, collections))
    .filter((place): place is Place => place !== null);
  if (first === undefined) return null;
  const asked = { job, written: [first, ...others], onClose: currentWorkspace().closeDialog } as const;
  return dialog.kind === 'undo-job' ? <UndoJobDialog {...asked} /> : <RetryJobDialog {...asked} />;
}

/** A new connection is there to open something; one that was changed may now answer what it refused before. */
function connectionSaved(connection: Connection, isNew: boolean, collections: readonly CollectionListing[]): void {
  const { closeDialog, openDialog } = currentWorkspace();
  if (isNew) {
    openDialog({ kind: 'collection', connection: connection.id, collection: null });
    return;
  }
  closeDialog();
  rerunTabs(collections.filter(({ connectionId }) => connectionId === connection.id).map(({ id }) => id));
}

/** Those whose query takes a person may be answered now, whichever profile of the same session they are of. */
function rerunWaitingTabs(): void {
  for (const tab of currentWorkspace().tabs) {
    if (tab.collection === null) continue;
    const session = sessionOf(tab, tab.collection);
    if (session.state().failure?.code === 'sign-in-needed') void session.rerun('complete');
  }
}

function rerunTabs(collections: readonly string[]): void {
  for (const tab of currentWorkspace().tabs) {
    const { collection } = tab;
    if (collection !== null && collections.includes(collection)) void sessionOf(tab, collection).rerun('complete');
  }
}

interface RecordDialogProps {
  readonly dialog: Extract<OpenDialog, { readonly kind: 'new-record' | 'delete-record' }>;
  readonly collection: CollectionListing;
  readonly connection: Connection;
}

function RecordDialog({ dialog, collection, connection }: RecordDialogProps) {
  const { closeDialog, changeTab, setInspectorOpen, say, tabs } = currentWorkspace();
  const tab = tabs.find((each) => each.collection === collection.id);

  function show(key: string): void {
    if (tab !== undefined) changeTab(tab.id, { record: key });
    setInspectorOpen(true);
    closeDialog();
  }

  function rerun(): void {
    if (tab !== undefined) void sessionOf(tab, collection.id).rerun('first-rows');
  }

  if (dialog.kind === 'new-record') {
    return (
      <NewRecordDialog
        collection={collection}
        connection={connection}
        copyOf={dialog.copyOf}
        onClose={closeDialog}
        onCreated={(key) => {
          say(`${key} created`);
          rerun();
          show(key);
        }}
        onOpenRecord={show}
      />
    );
  }
  return (
    <DeleteRecordDialog
      collection={collection}
      connection={connection}
      recordKey={dialog.key}
      etag={dialog.etag}
      onClose={closeDialog}
      onDeleted={(key) => {
        say(`${key} deleted`);
        if (tab?.record === key) changeTab(tab.id, { record: null });
        rerun();
        closeDialog();
      }}
      onOpenRecord={show}
    />
  );
}
