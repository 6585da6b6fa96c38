import { useId, useRef, useState, type ReactNode } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { Job } from '../../shared/job.ts';
import { pricesText, workText } from '../../shared/plan-text.ts';
import { totalOf, type Spending } from '../../shared/plan.ts';
import type { PlannedJob } from '../../shared/planned-job.ts';
import type { WeakerWrites } from '../../shared/record.ts';
import { useJobPlan } from '../api/job-queries.ts';
import { useWeakerWrite } from '../api/record-queries.ts';
import { beyondBudgetWords } from '../query/plan-words.ts';
import { useWrite } from '../record/use-write.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { CollectionSubject } from '../ui/CollectionSubject.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import { TextField } from '../ui/TextField.tsx';
import { asksToKeep, KeptBodies } from './KeptBodies.tsx';
import styles from './StartJobDialog.module.css';

/** Where records are. */
export interface Place {
  readonly collection: Collection;
  readonly connection: Connection;
}

/** What a person has said to what was asked before a job is started. */
export interface Answered {
  readonly spending: Spending;
  /** Left out where that was not asked. */
  readonly undoable?: boolean;
}

export interface StartJobDialogProps extends Place {
  readonly title: string;
  /** On the button, before the count: `Delete`. */
  readonly verb: string;
  readonly danger?: boolean;
  /** Whose plan is shown. */
  readonly planned: PlannedJob;
  /** What it does to each record. */
  readonly write: keyof WeakerWrites;
  /** What is written to, for who has to be asked about a production; left out where that is the collection alone. */
  readonly written?: readonly Place[];
  /** Records of the job. */
  readonly count: number;
  /** All records of the collection, where changing them all is worth a word; else null. */
  readonly ofAll: number | null;
  /** Why it cannot be started yet; null where it can. */
  readonly missing: string | null;
  readonly start: (answered: Answered, signal: AbortSignal) => Promise<Job>;
  readonly onClose: () => void;
  readonly onStarted?: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
  /** Beside all of it, in a wide dialog. */
  readonly aside?: ReactNode;
}

/** Asks before a job that changes many records: how many, where, and in production by a word that has to be typed. */
export function StartJobDialog(props: StartJobDialogProps) {
  const { verb, danger = false, collection, connection, count, missing, onClose, aside } = props;
  const { written = [{ collection, connection }] } = props;
  const cancel = useRef<HTMLButtonElement>(null);
  const [typed, setTyped] = useState('');
  const { working, error, send } = useWrite();
  const weaker = useWeakerWrite(written[0]?.collection.id ?? collection.id, props.write);
  const plan = useJobPlan(props.planned);
  const beyond = plan === null ? null : beyondBudgetWords(plan, `A job over ${connection.name}`);
  const [keeps, setKeeps] = useState(false);
  // Nobody has said it yet.
  const isOpen = !('undoable' in props.planned);
  const kept = isOpen && plan !== null && asksToKeep(plan.kept) ? plan.kept : null;
  const field = useId();
  const production = written.find((place) => place.connection.environment === 'production')?.collection.name ?? null;
  const unsure = production !== null && typed.trim() !== production ? `Type ${production} first` : null;
  const reason = working ? 'The job is being started' : (missing ?? unsure);

  const start = (): Promise<void> =>
    send(async (signal) => {
      // Only who has read what it takes may spend more.
      const spending = beyond === null ? 'within-budget' : 'anything';
      await props.start({ spending, ...(kept === null ? {} : { undoable: keeps }) }, signal);
      props.onStarted?.();
      onClose();
    });

  const inside = (
    <>
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(error.code, connection.name)} className={styles.notice}>
          {error.code === 'result-closed'
            ? 'The answer was replaced by a newer one meanwhile. Close this, look at the newer rows and choose again.'
            : error.message}
        </Notice>
      )}
      {props.children}
      {kept === null ? null : <KeptBodies bytes={kept} keeps={keeps} onChange={setKeeps} />}
      {plan === null || totalOf(plan).dollars === null ? null : (
        <p className={styles.foot}>{`${workText(plan)}. ${pricesText(plan.prices)}`}</p>
      )}
      {plan === null || beyond === null ? null : (
        <Notice kind="warn" title="Beyond the budget" className={styles.after}>
          {`${beyond} This one takes ${workText(plan)}.`}
        </Notice>
      )}
      {weaker === null ? null : (
        <Notice kind="warn" className={styles.after}>
          {weaker}
        </Notice>
      )}
      {collection.memoryOnly ? (
        <Notice kind="info" className={styles.after}>
          {`${collection.name} leaves nothing on this machine’s disk: the job ends with Dipper, and does not go on at its next start.`}
        </Notice>
      ) : null}
      {count === props.ofAll && count > 1 ? (
        <Notice kind="warn" className={styles.after}>
          {`These are all records of ${collection.name}.`}
        </Notice>
      ) : null}
    </>
  );
  return (
    <Dialog
      open
      alert
      production={production !== null}
      wide={props.wide ?? aside !== undefined}
      title={props.title}
      subject={<CollectionSubject collection={collection} connection={connection} />}
      initialFocus={danger ? cancel : undefined}
      onClose={onClose}
      footer={
        <>
          {production === null ? null : (
            <label className={styles.production} htmlFor={field}>
              Production: type <span className={styles.mono}>{production}</span> to go on
              <TextField id={field} mono value={typed} onChange={setTyped} autoComplete="off" />
            </label>
          )}
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind={danger ? 'danger' : 'primary'}
            production={production !== null}
            icon={danger ? 'trash' : undefined}
            disabledReason={reason}
            onClick={() => void start()}
          >
            {`${verb} ${countOf(count, 'record')}${production === null ? '' : ' in production'}`}
          </Button>
        </>
      }
    >
      {aside === undefined ? (
        inside
      ) : (
        <div className={styles.columns}>
          <div className={styles.main}>{inside}</div>
          {/* Scrolled by the keyboard too. */}
          {/* oxlint-disable-next-line jsx_a11y/no-noninteractive-tabindex */}
          <div className={styles.aside} tabIndex={0}>
            {aside}
          </div>
        </div>
      )}
    </Dialog>
  );
}
