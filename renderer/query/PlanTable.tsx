import { formatBytes } from '../../shared/byte-size.ts';
import { dollarsText } from '../../shared/plan-text.ts';
import { type JobPlan, type PlannedRequests, type PlannedWork, totalOf } from '../../shared/plan.ts';
import { classes } from '../ui/classes.ts';
import { formatCount } from '../ui/format.ts';
import styles from './PlanTable.module.css';
import { timeWords } from './plan-words.ts';

const STEPS: Readonly<Record<string, string>> = {
  ListObjectsV2: 'List keys',
  GetObject: 'Read records',
  GetObjectTagging: 'Read tags',
};

/** What a run or a job would send, step by step, beside what it would take without an index. */
export function PlanTable({ plan }: { readonly plan: Omit<JobPlan, 'kept'> }) {
  const total = totalOf(plan);
  const { everything } = plan;
  return (
    <table className={styles.plan}>
      <thead>
        <tr>
          <th scope="col">Plan</th>
          <th scope="col">Requests</th>
          <th scope="col">Data</th>
          {total.dollars === null ? null : <th scope="col">Price</th>}
        </tr>
      </thead>
      <tbody>
        {plan.requests.map((step) => (
          <Row key={step.operation} name={STEPS[step.operation] ?? step.operation} work={step} />
        ))}
        <Row name="This run" work={total} className={styles.total} note={timeWords(plan)} />
        {everything === null ? null : (
          <Row name="Without an index" work={totalOf(everything)} className={styles.naive} note={kindsOf(everything)} />
        )}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly name: string;
  readonly work: Omit<PlannedRequests, 'operation'>;
  readonly note?: string | null;
  readonly className?: string | undefined;
}

function Row({ name, work: { count, exact, bytes, dollars }, note = null, className }: RowProps) {
  const least = exact ? '' : 'at least ';
  const isUnknown = count === 0 && !exact;
  return (
    <tr className={classes(className)}>
      <th scope="row">
        {name}
        {note === null ? null : <span className={styles.note}>{note}</span>}
      </th>
      <td>{isUnknown ? 'unknown until listed' : `${least}${formatCount(count)}`}</td>
      <td>{isUnknown || bytes === 0 ? '–' : `${least}${formatBytes(bytes)}`}</td>
      {dollars === null ? null : <td>{isUnknown ? '–' : `${least}${dollarsText(dollars)}`}</td>}
    </tr>
  );
}

function kindsOf({ requests }: PlannedWork): string {
  const words: Readonly<Record<string, string>> = {
    ListObjectsV2: 'LIST',
    GetObject: 'GET',
    GetObjectTagging: 'of tags',
  };
  return requests.map(({ operation, count }) => `${formatCount(count)} ${words[operation] ?? operation}`).join(', ');
}
