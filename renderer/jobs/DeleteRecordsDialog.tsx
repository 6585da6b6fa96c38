import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { NOTHING_SELECTED } from '../grid/selection.ts';
import { countOf } from '../ui/format.ts';
import type { ChosenRecords } from './chosen-records.ts';
import { StartJobDialog } from './StartJobDialog.tsx';
import styles from './StartJobDialog.module.css';

export interface JobDialogProps {
  readonly collection: Collection;
  readonly connection: Connection;
  readonly chosen: ChosenRecords;
  readonly onClose: () => void;
}

/** S3's own limit of one DeleteObjects request. */
const DELETED_AT_ONCE = 1_000;

export function DeleteRecordsDialog({ collection, connection, chosen, onClose }: JobDialogProps) {
  const { count } = chosen;

  /** The inspector has nothing to show of a record that goes, and the rows of the selection will be others. */
  function forget(): void {
    const { tabs, changeTab } = currentWorkspace();
    for (const { id, collection: shown } of tabs) {
      if (shown === collection.id) changeTab(id, { record: null, selection: NOTHING_SELECTED });
    }
  }

  return (
    <StartJobDialog
      title="Delete records"
      verb="Delete"
      danger
      write="delete"
      collection={collection}
      connection={connection}
      chosen={chosen}
      missing={null}
      request={(records) => ({ kind: 'delete', collection: collection.id, records })}
      onClose={onClose}
      onStarted={forget}
    >
      <p className={styles.words}>
        <b>{countOf(count, 'record')}</b> of {collection.name} will be deleted from{' '}
        <span className={styles.mono}>{`s3://${collection.bucket}/${collection.prefix}`}</span>. Where the bucket keeps
        no versions, this cannot be undone.
      </p>
      <p className={styles.words}>
        A record that somebody changes meanwhile stays, and is in the report. You can pause and cancel the job; what was
        deleted by then stays deleted.
      </p>
      <p className={styles.foot}>
        {countOf(Math.ceil(count / DELETED_AT_ONCE), 'DeleteObjects request')} where the server checks in them that
        records are unchanged; else {countOf(count, 'DELETE request')}.
      </p>
    </StartJobDialog>
  );
}
