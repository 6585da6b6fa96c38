import type { CollectionListing } from '../../shared/collection.ts';
import { formatBytes } from '../../shared/byte-size.ts';
import { call } from '../api/call.ts';
import { useCollectionTraces } from '../api/collection-queries.ts';
import { countOf } from '../ui/format.ts';
import styles from './dialogs.module.css';
import { RemoveDialog } from './RemoveDialogs.tsx';

export interface ForgetCollectionDialogProps {
  readonly collection: CollectionListing;
  readonly onClose: () => void;
  readonly onForgotten: () => void;
}

/** What this machine keeps of a collection is said before it goes; the collection itself stays. */
export function ForgetCollectionDialog({ collection, onClose, onForgotten }: ForgetCollectionDialogProps) {
  const traces = useCollectionTraces(collection.id);
  const { name, records, bucket, prefix } = collection;
  return (
    <RemoveDialog
      title="Forget what is on this machine"
      subject={name}
      label={`Forget ${name} here`}
      remove={() => call('collections:forget', { collection: collection.id })}
      onClose={onClose}
      onRemoved={onForgotten}
    >
      <p className={styles.words}>This removes from this machine:</p>
      <ul className={styles.list}>
        <li>
          {traces === null
            ? 'the index'
            : traces.indexBytes === 0
              ? 'the index, of which nothing is on the disk'
              : `the index, ${formatBytes(traces.indexBytes)}`}
          {records === null ? null : `: a copy of ${countOf(records, 'record')} as plain text`}
        </li>
        {traces === null || traces.bodyBytes === 0 ? null : (
          <li>copies of large records that were opened, {formatBytes(traces.bodyBytes)}</li>
        )}
        {traces === null || traces.drafts === 0 ? null : (
          <li>
            <b className={styles.strong}>{countOf(traces.drafts, 'draft')}</b>: edits that were not sent are lost
          </li>
        )}
        {traces === null || traces.jobs === 0 ? null : (
          <li>
            {countOf(traces.jobs, 'job')}: reports, and what records held before a job changed them; what is under way
            is cancelled
          </li>
        )}
        {traces === null || traces.savedQueries === 0 ? null : (
          <li>
            <b className={styles.strong}>{countOf(traces.savedQueries, 'saved query', 'saved queries')}</b>
          </li>
        )}
        <li>the queries that ran</li>
        <li>its tabs, and the order, width and choice of its columns</li>
      </ul>
      <p className={styles.words}>
        <b className={styles.strong}>{name}</b> stays in the sidebar, and the objects below{' '}
        <span className={styles.mono}>{`s3://${bucket}/${prefix}`}</span> stay as they are: they are read again when it
        is opened next.
      </p>
    </RemoveDialog>
  );
}
