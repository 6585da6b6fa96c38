import type { CollectionListing } from '../../shared/collection.ts';
import type { Comparison } from '../../shared/comparison.ts';
import type { Connection } from '../../shared/connection.ts';
import { workText } from '../../shared/plan-text.ts';
import { toAppError } from '../api/call.ts';
import { useComparison, useComparisonPlan } from '../api/job-queries.ts';
import { useCollections, useConnections } from '../api/collection-queries.ts';
import { currentWorkspace, type Tab } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import styles from './BesideLine.module.css';

/** Names that are compared unasked: their listings, and the bodies of those whose ETags differ. */
const COMPARED = 10_000;

/** The same where each request is paid for: $0.0008 at most. */
const COMPARED_PAID = 1_000;

export interface BesideLineProps {
  readonly tab: Tab;
  readonly collection: CollectionListing;
}

/** How a collection stands to the same place on the connection that one came from; nothing where one came from none. */
export function BesideLine({ tab, collection }: BesideLineProps) {
  const connections = useConnections().data ?? NOTHING;
  const other = (useCollections().data ?? NOTHING).find(({ id }) => id === tab.beside);
  const connection = connections.find(({ id }) => id === other?.connectionId);
  if (other === undefined || connection === undefined || other.id === collection.id) return null;
  const isPaid = [other, collection].some(({ connectionId }) =>
    connections.some(({ id, kind }) => id === connectionId && kind === 'aws'),
  );
  return (
    <Compared key={other.id} tab={tab} collection={collection} other={other} connection={connection} isPaid={isPaid} />
  );
}

const NOTHING: readonly never[] = [];

interface ComparedProps extends BesideLineProps {
  readonly other: CollectionListing;
  readonly connection: Connection;
  /** One of the two is Amazon's. */
  readonly isPaid: boolean;
}

function Compared({ tab, collection, other, connection, isPaid }: ComparedProps) {
  const first = isPaid ? COMPARED_PAID : COMPARED;
  const { data, error, isFetching, refetch } = useComparison(collection.id, other.id, true, first);
  const plan = useComparisonPlan(collection.id, other.id, first).data;
  const { changeTab, openDialog } = currentWorkspace();
  const place = other.name === collection.name ? connection.name : `${other.name} on ${connection.name}`;
  return (
    <div className={styles.line}>
      <Icon name="server" size={14} />
      <span className={styles.words} role="status">
        {error !== null ? (
          <span className={styles.failed}>{`Not compared with ${place}. ${toAppError(error).message}`}</span>
        ) : data === undefined ? (
          `Comparing with ${place} …${plan === undefined ? '' : ` ${workText(plan)}`}`
        ) : (
          <>
            <Differences comparison={data} place={place} first={first} />
            <span className={styles.sent}>{workText(data.sent)}</span>
          </>
        )}
      </span>
      <span className={styles.tools}>
        <Button kind="link" onClick={() => openDialog({ kind: 'promote', collection: collection.id, to: other.id })}>
          Show what differs
        </Button>
        <IconButton
          small
          icon="refresh"
          name="Compare again"
          disabledReason={isFetching ? 'They are being compared' : null}
          onClick={() => void refetch()}
        />
        <IconButton small icon="close" name="Compare no more" onClick={() => changeTab(tab.id, { beside: null })} />
      </span>
    </div>
  );
}

interface DifferencesProps {
  readonly comparison: Comparison;
  readonly place: string;
  readonly first: number;
}

function Differences({ comparison: { counts, more }, place, first }: DifferencesProps) {
  const parts = [
    { count: counts.new, words: 'only here' },
    { count: counts.changed, words: 'changed' },
    { count: counts['only-there'], words: 'only there' },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) {
    return more
      ? `The first ${formatCount(first)} are the same as on ${place}; the rest was not compared`
      : counts.same === 0
        ? `Nothing here, and nothing on ${place}`
        : `The same as on ${place}: ${formatCount(counts.same)} of ${formatCount(counts.same)}`;
  }
  return (
    <>
      {more ? `Beside ${place}, the first ${formatCount(first)}: ` : `Beside ${place}: `}
      {parts.map(({ count, words }) => (
        <span key={words}>
          <b>{formatCount(count)}</b>
          {` ${words}, `}
        </span>
      ))}
      {`${formatCount(counts.same)} the same`}
    </>
  );
}
