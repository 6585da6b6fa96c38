import type { CollectionListing } from '../../shared/collection.ts';
import { useSyncs } from '../api/queries.ts';
import { SHOW_SHORTCUTS, TOGGLE_REQUESTS } from '../commands/window-commands.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { isUnderWay } from '../query/result-session.ts';
import { Icon } from '../ui/Icon.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import styles from './JobsBar.module.css';
import { useWorkspace } from './workspace.ts';

/** Long work at the left, what was just done and the shortcuts at the right. */
export function JobsBar({ collections }: { readonly collections: readonly CollectionListing[] }) {
  const said = useWorkspace((workspace) => workspace.said);
  const requestsOpen = useWorkspace((workspace) => workspace.requestsOpen);
  const syncs = Object.values(useSyncs()).filter((progress) => isUnderWay(progress));
  return (
    <footer className={styles.bar} aria-label="Jobs">
      {syncs.length === 0 ? <span className={styles.soft}>No jobs running</span> : null}
      {syncs.map((progress) => (
        <span key={progress.collection} className={styles.job}>
          <Icon name="refresh" />
          <span>Reading {collections.find(({ id }) => id === progress.collection)?.name ?? 'a collection'}</span>
          <span className={styles.meter} aria-hidden="true">
            <i style={{ width: `${progress.toRead === 0 ? 0 : (progress.read / progress.toRead) * 100}%` }} />
          </span>
          <span className={styles.soft}>
            {progress.toRead === 0
              ? `${countOf(progress.listed, 'key')} listed`
              : `${formatCount(progress.read)} of ${formatCount(progress.toRead)}`}
          </span>
        </span>
      ))}
      <span className={styles.said} role="status">
        {said === null ? null : <span key={said.turn}>{said.text}</span>}
      </span>
      <CommandButton command={TOGGLE_REQUESTS} kind="quiet" compact pressed={requestsOpen}>
        Requests
      </CommandButton>
      <CommandButton command={SHOW_SHORTCUTS} kind="quiet" compact withShortcut />
    </footer>
  );
}
