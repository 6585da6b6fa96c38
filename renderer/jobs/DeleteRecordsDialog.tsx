import { useState } from 'react';
import { currentWorkspace } from '../shell/workspace.ts';
import { NOTHING_SELECTED } from '../grid/selection.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import { countOf } from '../ui/format.ts';
import { offeredRecords, startOn, type ChosenRecords } from './chosen-records.ts';
import { StartJobDialog, type Place } from './StartJobDialog.tsx';
import styles from './StartJobDialog.module.css';

export interface JobDialogProps extends Place {
  readonly chosen: ChosenRecords;
  readonly onClose: () => void;
}

/** S3's own limit of one DeleteObjects request. */
const DELETED_AT_ONCE = 1_000;

/** To be kept they are read one by one: more than these only who asks for it. */
const KEPT_UNASKED = 10_000;

export function DeleteRecordsDialog({ collection, connection, chosen, onClose }: JobDialogProps) {
  const { count, ofAll } = chosen;
  const [undoable, setUndoable] = useState(count <= KEPT_UNASKED && !collection.memoryOnly);

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
      planned={{ collection: collection.id, kind: 'delete', records: count, of: offeredRecords(chosen), undoable }}
      write="delete"
      collection={collection}
      connection={connection}
      count={count}
      ofAll={ofAll}
      missing={null}
      start={({ spending }, signal) =>
        startOn(
          chosen,
          (records) => ({ kind: 'delete', collection: collection.id, records, undoable }),
          spending,
          signal,
        )
      }
      onClose={onClose}
      onStarted={forget}
    >
      <p className={styles.words}>
        <b>{countOf(count, 'record')}</b> of {collection.name} will be deleted from{' '}
        <span className={styles.mono}>{`s3://${collection.bucket}/${collection.prefix}`}</span>.
      </p>
      <p className={styles.words}>
        A record that somebody changes meanwhile stays, and is in the report. You can pause and cancel the job; what was
        deleted by then stays deleted.
      </p>
      <div className={styles.after}>
        <Checkbox
          label="Keep them on this machine, so that the job can be undone"
          checked={undoable}
          disabledReason={collection.memoryOnly ? `${collection.name} leaves nothing on this machine’s disk` : null}
          onChange={setUndoable}
        />
      </div>
      <p className={styles.foot}>
        {undoable
          ? `Where the bucket keeps no versions, each is read before: ${countOf(count, 'GET')} and ${countOf(count, 'DELETE request')}.`
          : `${countOf(Math.ceil(count / DELETED_AT_ONCE), 'DeleteObjects request')} where the server checks in them that records are unchanged; else ${countOf(count, 'DELETE request')}. Without versions in the bucket this cannot be undone.`}
      </p>
    </StartJobDialog>
  );
}
