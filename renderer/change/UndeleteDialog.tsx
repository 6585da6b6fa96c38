import { useState } from 'react';
import type { DeletedRecords } from '../../shared/deleted-records.ts';
import { call, toAppError } from '../api/call.ts';
import { useDeletedRecords } from '../api/job-queries.ts';
import { StartJobDialog, type Place } from '../jobs/StartJobDialog.tsx';
import startStyles from '../jobs/StartJobDialog.module.css';
import { Button } from '../ui/Button.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf, formatTime } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Segments, type Segment } from '../ui/Segments.tsx';
import { deletedSince, undeletionOf, type DeletedWhen } from './undelete-form.ts';
import styles from './UndeleteDialog.module.css';

export interface UndeleteDialogProps extends Place {
  readonly onClose: () => void;
}

const WHEN: readonly Segment<DeletedWhen>[] = [
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last day' },
  { value: 'month', label: 'Last 30 days' },
  { value: 'ever', label: 'Any time' },
];

/** Names that are shown; what is brought back is all of them. */
const SHOWN = 200;

/** Brings back what was deleted in a bucket that keeps versions, by whomever. */
export function UndeleteDialog({ collection, connection, onClose }: UndeleteDialogProps) {
  const [isAsked, setAsked] = useState(false);
  const [when, setWhen] = useState<DeletedWhen>('ever');
  // What was deleted since the dialog was opened is none of what it shows.
  const [now] = useState(() => Date.now());
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const { data: found, error, isFetching, refetch } = useDeletedRecords(collection.id, isAsked);
  const listed = found === undefined ? [] : deletedSince(found, when, now);
  const count = listed.filter(({ name }) => !leftOut.has(name)).length;

  function toggle(name: string): void {
    const next = new Set(leftOut);
    if (!next.delete(name)) next.add(name);
    setLeftOut(next);
  }

  return (
    <StartJobDialog
      title="Undelete records"
      verb="Bring back"
      planned={{ collection: collection.id, kind: 'undelete', records: count }}
      write="update"
      collection={collection}
      connection={connection}
      count={count}
      ofAll={null}
      missing={missingOf(found, count)}
      start={({ spending }, signal) => {
        if (found === undefined) throw new Error('nothing was listed');
        const job = {
          kind: 'undelete',
          collection: collection.id,
          ...undeletionOf(found, when, leftOut, now),
        } as const;
        return call('jobs:start', { job, spending }, signal);
      }}
      onClose={onClose}
    >
      <FormRow label="Deleted" htmlFor="undelete-when">
        <Segments id="undelete-when" label="Deleted" segments={WHEN} value={when} onChange={setWhen} />
      </FormRow>
      <div className={styles.find}>
        <Button
          icon="refresh"
          disabledReason={isFetching ? 'The versions are being listed' : null}
          onClick={() => {
            if (isAsked) void refetch();
            setAsked(true);
          }}
        >
          {found === undefined ? 'Find deleted records' : 'Find again'}
        </Button>
        <span className={styles.soft} role="status">
          {isFetching
            ? 'All versions below the prefix are being listed …'
            : found === undefined
              ? ''
              : foundWords(found, listed.length)}
        </span>
      </div>
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(toAppError(error).code, connection.name)}>
          {toAppError(error).message}
        </Notice>
      )}
      {listed.length === 0 ? null : (
        <ul className={styles.list} aria-label="Deleted records">
          {listed.slice(0, SHOWN).map(({ name, deletedAt }) => (
            <li key={name}>
              <label className={styles.record}>
                <input
                  type="checkbox"
                  checked={!leftOut.has(name)}
                  disabled={found?.more === true}
                  onChange={() => toggle(name)}
                />
                <span className={styles.name}>{name}</span>
                <span className={styles.soft}>{formatTime(deletedAt)}</span>
              </label>
            </li>
          ))}
          {listed.length > SHOWN ? (
            <li
              className={styles.soft}
            >{`and ${countOf(listed.length - SHOWN, 'record')} more, all of them chosen`}</li>
          ) : null}
        </ul>
      )}
      <p className={startStyles.foot}>
        The mark of each deletion is removed, whoever made it, and the record is there again as it was. What was written
        since stays. The job can be undone.
      </p>
    </StartJobDialog>
  );
}

function missingOf(found: DeletedRecords | undefined, count: number): string | null {
  if (found === undefined) return 'Find the deleted records first';
  if (count > 0) return null;
  if (found.versioning === 'off') return 'The bucket keeps no versions: what is deleted is gone';
  return found.records.length === 0 ? 'Nothing deleted is kept' : 'No record is chosen';
}

function foundWords({ more, versioning }: DeletedRecords, count: number): string {
  if (versioning === 'off' && count === 0)
    return 'The bucket keeps no versions. What jobs of Dipper deleted they can undo.';
  return `${countOf(count, 'deleted record')}${more ? ', and more that are not listed: those of the time are brought back together' : ''}`;
}
