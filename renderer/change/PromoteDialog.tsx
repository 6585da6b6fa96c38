import { useMemo, useState } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { ComparedRecord, Comparison } from '../../shared/comparison.ts';
import type { Connection } from '../../shared/connection.ts';
import { call, toAppError } from '../api/call.ts';
import { useComparison } from '../api/job-queries.ts';
import { useRecord } from '../api/record-queries.ts';
import { undoWords } from '../jobs/undo-words.ts';
import { StartJobDialog, type Place } from '../jobs/StartJobDialog.tsx';
import startStyles from '../jobs/StartJobDialog.module.css';
import { currentWorkspace } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { ChangedValues } from '../ui/ChangedValues.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { formatCount } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import { ComparedRecords } from './ComparedRecords.tsx';
import { DestinationField, placeOf } from './DestinationField.tsx';
import { bodyChanges } from './preview-changes.ts';
import styles from './PromoteDialog.module.css';
import {
  countPromoted,
  FIRST_PROMOTION,
  inOrder,
  promotedRecords,
  promotionOf,
  wholeOnly,
  type PromoteChoice,
  type Promoted,
} from './promote-form.ts';

export interface PromoteDialogProps extends Place {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  /** Compared with at once; null leaves it to the dialog. */
  readonly first: string | null;
  readonly onClose: () => void;
}

/** Compares a collection with another one by the values of their records, and writes there what differs. */
export function PromoteDialog(props: PromoteDialogProps) {
  const { collection, connection, connections, collections, first, onClose } = props;
  const [to, setTo] = useState(first ?? '');
  const [isAsked, setAsked] = useState(first !== null);
  const [choice, setChoice] = useState<PromoteChoice>(FIRST_PROMOTION);
  const [shownName, setShownName] = useState<string | null>(null);
  const there = placeOf(to, connections, collections);
  const { data: comparison, error, isFetching, refetch } = useComparison(collection.id, to, isAsked && there !== null);
  const count = comparison === undefined ? 0 : countPromoted(comparison, choice);
  const promoted = useMemo(
    () => (comparison === undefined ? null : promotedRecords(comparison, choice)),
    [comparison, choice],
  );
  const listed = useMemo(() => inOrder(comparison?.differing ?? []), [comparison]);
  const shown = listed.find(({ name }) => name === shownName) ?? listed[0] ?? null;

  function choose(next: string): void {
    setTo(next);
    setAsked(false);
    setChoice(FIRST_PROMOTION);
    setShownName(null);
  }

  function toggle(name: string): void {
    const leftOut = new Set(choice.leftOut);
    if (!leftOut.delete(name)) leftOut.add(name);
    setChoice({ ...choice, leftOut });
  }

  return (
    <StartJobDialog
      title="Compare and promote"
      verb="Promote"
      planned={{
        collection: collection.id,
        kind: 'promote',
        records: count,
        ...(promoted === null ? {} : { of: { of: 'sizes', sizes: promoted.sizes }, replaces: promoted.replaced }),
        ...(to === '' ? {} : { to }),
      }}
      write="create"
      collection={collection}
      connection={connection}
      written={there === null ? [] : [there]}
      count={count}
      ofAll={null}
      missing={missingOf(there, comparison, count)}
      start={({ spending, ...kept }, signal) => {
        if (comparison === undefined) throw new Error('nothing was compared');
        const promotion = promotionOf(comparison, choice);
        const job = { kind: 'promote', collection: collection.id, to, ...promotion, ...kept } as const;
        return call('jobs:start', { job, spending }, signal);
      }}
      onClose={onClose}
      aside={
        shown === null || there === null ? (
          <p className={styles.soft}>Compare the two: then the records that differ are shown beside each other.</p>
        ) : (
          <Difference key={shown.name} record={shown} here={collection} there={there.collection} />
        )
      }
    >
      <DestinationField
        source={collection.id}
        connections={connections}
        collections={collections}
        value={to}
        onChange={choose}
      />
      <div className={styles.compare}>
        <Button
          icon="refresh"
          disabledReason={there === null ? 'Choose a collection first' : isFetching ? 'They are being compared' : null}
          onClick={() => {
            if (isAsked) void refetch();
            setAsked(true);
          }}
        >
          {comparison === undefined ? 'Compare' : 'Compare again'}
        </Button>
        <Button
          icon="up-down"
          disabledReason={
            there === null
              ? 'Choose a collection first'
              : connection.readOnly
                ? `The connection ${connection.name} is read-only`
                : null
          }
          onClick={() => currentWorkspace().openDialog({ kind: 'promote', collection: to, to: collection.id })}
        >
          The other way round
        </Button>
        <span className={styles.soft} role="status">
          {isFetching ? 'Both are being listed, and read where their ETags differ …' : ''}
        </span>
      </div>
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(toAppError(error).code, connection.name)}>
          {toAppError(error).message}
        </Notice>
      )}
      {comparison === undefined ? null : (
        <>
          <div className={styles.counts} role="group" aria-label="What is promoted">
            {STATES.map(({ state, words }) => (
              <Checkbox
                key={state}
                label={`${formatCount(comparison.counts[state])} ${words}`}
                checked={choice.states.includes(state)}
                onChange={(checked) => setChoice({ ...choice, states: withState(choice.states, state, checked) })}
              />
            ))}
            <span className={styles.soft}>
              {`${formatCount(comparison.counts['only-there'])} only there, ${formatCount(comparison.counts.same)} the same: they stay`}
            </span>
          </div>
          {listed.length === 0 ? null : (
            <ComparedRecords
              records={listed}
              choice={choice}
              locked={wholeOnly(comparison)}
              shown={shown?.name ?? null}
              onShow={setShownName}
              onToggle={toggle}
            />
          )}
        </>
      )}
      <p className={startStyles.foot}>
        Records are compared by their JSON values, not by their bytes, and once more when the job starts. Each is
        written over exactly what it was compared with: what somebody changes there meanwhile stays, and is in the
        report. {undoWords(there?.collection ?? collection)}
      </p>
    </StartJobDialog>
  );
}

const STATES: readonly { readonly state: Promoted; readonly words: string }[] = [
  { state: 'new', words: 'new' },
  { state: 'changed', words: 'changed' },
];

function withState(states: readonly Promoted[], state: Promoted, on: boolean): readonly Promoted[] {
  return STATES.map((each) => each.state).filter((each) => (each === state ? on : states.includes(each)));
}

function missingOf(there: Place | null, comparison: Comparison | undefined, count: number): string | null {
  if (there === null) return 'Choose the collection to compare with';
  if (comparison === undefined) return 'Compare them first';
  if (count > 0) return null;
  return comparison.counts.new + comparison.counts.changed === 0 ? 'Nothing differs' : 'No record is chosen';
}

interface DifferenceProps {
  readonly record: ComparedRecord;
  readonly here: Place['collection'];
  readonly there: Place['collection'];
}

/** What a record is there, and what it becomes. */
function Difference({ record: { name, state }, here, there }: DifferenceProps) {
  const isBoth = state === 'changed';
  const own = useRecord(here.id, isBoth ? here.prefix + name : null);
  const other = useRecord(there.id, isBoth ? there.prefix + name : null);
  const failure = own.error ?? other.error;
  const isThere = own.data !== undefined && other.data !== undefined;
  const changes = isThere ? bodyChanges(other.data.body, own.data.body, here.codec) : null;
  return (
    <section className={styles.shown} aria-label="The record there, before and after">
      <h3 className={styles.title}>{name}</h3>
      {state === 'new' ? (
        <p className={styles.soft}>{`Not in ${there.name}: it is written as it is here.`}</p>
      ) : state === 'only-there' ? (
        <p className={styles.soft}>{`Only in ${there.name}: it stays.`}</p>
      ) : failure !== null ? (
        <Notice kind="error">{toAppError(failure).message}</Notice>
      ) : !isThere ? (
        <p className={styles.soft}>Both are being read …</p>
      ) : changes === null ? (
        <p className={styles.soft}>Too large, or no JSON: what becomes different is not shown.</p>
      ) : (
        <ChangedValues values={changes} />
      )}
    </section>
  );
}
