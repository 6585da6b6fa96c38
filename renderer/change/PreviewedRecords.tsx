import type { UseQueryResult } from '@tanstack/react-query';
import type { Collection } from '../../shared/collection.ts';
import type { PreviewedRecord } from '../../shared/job-preview.ts';
import { toAppError } from '../api/call.ts';
import { ChangedValues } from '../ui/ChangedValues.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import styles from './ChangeDialog.module.css';
import { previewChanges } from './preview-changes.ts';

export interface PreviewedRecordsProps {
  readonly preview: UseQueryResult<readonly PreviewedRecord[]>;
  /** Why there is nothing to be shown yet; null where there is. */
  readonly missing: string | null;
  readonly collection: Collection;
}

/** The first records as they are and as they will be, so that a mistake is seen before a thousand records have it. */
export function PreviewedRecords({
  preview: { data, error, isPlaceholderData },
  missing,
  collection,
}: PreviewedRecordsProps) {
  // What concerns none of them alone is said once.
  const [first] = data ?? [];
  const refused = first?.problem?.code === 'invalid-arguments' ? first.problem : null;
  return (
    <section className={styles.preview} aria-label="The first records, before and after" aria-busy={isPlaceholderData}>
      <h3 className={styles.previewTitle}>
        Before and after
        <span className={styles.soft} role="status">
          {missing === null && data !== undefined ? statusOf(data, collection) : ''}
        </span>
      </h3>
      {missing !== null ? (
        <p
          className={styles.soft}
        >{`${missing.replace(/\.$/, '')}: then the first records are shown as they will be.`}</p>
      ) : error !== null ? (
        <Notice kind="error" title="The records cannot be shown before">
          {toAppError(error).message}
        </Notice>
      ) : refused !== null ? (
        <Notice kind="error" title={failureTitle(refused.code, null)}>
          {refused.message}
        </Notice>
      ) : data === undefined ? (
        <p className={styles.soft}>The first records are being read …</p>
      ) : (
        <ul className={styles.records}>
          {data.map((record) => (
            <Previewed key={record.key} record={record} collection={collection} />
          ))}
        </ul>
      )}
    </section>
  );
}

const THERE: Readonly<Record<NonNullable<PreviewedRecord['there']>, string>> = {
  stays: 'is there already, and stays',
  replaced: 'replaces what is there',
};

function Previewed({ record, collection }: { readonly record: PreviewedRecord; readonly collection: Collection }) {
  const { key, to, there, problem } = record;
  const changes = problem === null ? previewChanges(record, collection.codec) : [];
  return (
    <li className={styles.record}>
      <div className={styles.recordName}>
        <span className={styles.mono}>{key.slice(collection.prefix.length)}</span>
        {problem === null && changes?.length === 0 && to === undefined ? (
          <span className={styles.soft}>stays as it is</span>
        ) : null}
      </div>
      {to === undefined ? null : (
        <div className={styles.recordName}>
          <span className={styles.mono}>{`→ ${to}`}</span>
          {there === undefined ? null : <span className={styles.soft}>{THERE[there]}</span>}
        </div>
      )}
      {problem === null ? null : <div className={styles.problem}>{`Will fail. ${problem.message}`}</div>}
      {changes === null ? (
        <div className={styles.soft}>Too large, or no JSON: what becomes different is not shown.</div>
      ) : (
        <ChangedValues values={changes} />
      )}
    </li>
  );
}

function statusOf(records: readonly PreviewedRecord[], { codec }: Collection): string {
  const failing = records.filter(({ problem }) => problem !== null).length;
  const same = records.filter(
    (record) => record.problem === null && record.to === undefined && previewChanges(record, codec)?.length === 0,
  ).length;
  return [
    `the first ${countOf(records.length, 'record')}`,
    ...(same === 0 ? [] : [`${formatCount(same)} so already`]),
    ...(failing === 0 ? [] : [`${formatCount(failing)} will fail`]),
  ].join(', ');
}
