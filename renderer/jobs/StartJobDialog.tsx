import { useId, useRef, useState, type ReactNode } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { JobKind, JobRecords, JobRequest } from '../../shared/job.ts';
import { pricesText, workText } from '../../shared/plan-text.ts';
import { totalOf } from '../../shared/plan.ts';
import { call } from '../api/call.ts';
import { useJobPlan } from '../api/job-queries.ts';
import { useWeakerWrite } from '../api/record-queries.ts';
import { beyondBudgetWords } from '../query/plan-words.ts';
import { useWrite } from '../record/use-write.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import { TextField } from '../ui/TextField.tsx';
import { jobRecords, type ChosenRecords, type NamedRecords } from './chosen-records.ts';
import styles from './StartJobDialog.module.css';

export interface StartJobDialogProps {
  readonly title: string;
  /** On the button, before the count: `Delete`. */
  readonly verb: string;
  readonly danger: boolean;
  /** What it does to each record. */
  readonly write: 'update' | 'delete';
  readonly collection: Collection;
  readonly connection: Connection;
  readonly chosen: ChosenRecords | NamedRecords;
  readonly wide?: boolean;
  /** Begins at Cancel: of a dialog whose fields are not there at once. */
  readonly beginsAtCancel?: boolean;
  /** Where what it sends is another than that of its `write`. */
  readonly kind?: JobKind;
  /** Why it cannot be started yet; null where it can. */
  readonly missing: string | null;
  readonly request: (records: JobRecords) => JobRequest;
  readonly onClose: () => void;
  readonly onStarted?: () => void;
  readonly children: ReactNode;
}

/** Asks before a job that changes many records: how many, where, and in production by a word that has to be typed. */
export function StartJobDialog(props: StartJobDialogProps) {
  const { verb, danger, collection, connection, chosen, missing, onClose } = props;
  const cancel = useRef<HTMLButtonElement>(null);
  const [typed, setTyped] = useState('');
  const { working, error, send } = useWrite();
  const weaker = useWeakerWrite(collection.id, props.write);
  const plan = useJobPlan(collection.id, props.kind ?? props.write, chosen.count);
  const beyond = plan === null ? null : beyondBudgetWords(plan, `A job over ${connection.name}`);
  const field = useId();
  const isProduction = connection.environment === 'production';
  const unsure = isProduction && typed.trim() !== collection.name ? `Type ${collection.name} first` : null;
  const reason = working ? 'The job is being started' : (missing ?? unsure);

  const start = (): Promise<void> =>
    send(async (signal) => {
      const records = await jobRecords(chosen, signal);
      // Only who has read what it takes may spend more.
      const spending = beyond === null ? 'within-budget' : 'anything';
      await call('jobs:start', { job: props.request(records), spending }, signal);
      props.onStarted?.();
      onClose();
    });

  return (
    <Dialog
      open
      alert
      wide={props.wide ?? false}
      title={props.title}
      subject={
        <>
          {collection.name} in {connection.name} <EnvironmentWord environment={connection.environment} />
        </>
      }
      initialFocus={danger || props.beginsAtCancel === true ? cancel : undefined}
      onClose={onClose}
      footer={
        <>
          {isProduction ? (
            <label className={styles.production} htmlFor={field}>
              Production: type <span className={styles.mono}>{collection.name}</span> to go on
              <TextField id={field} mono value={typed} onChange={setTyped} autoComplete="off" />
            </label>
          ) : null}
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind={danger ? 'danger' : 'primary'}
            icon={danger ? 'trash' : undefined}
            disabledReason={reason}
            onClick={() => void start()}
          >
            {`${verb} ${countOf(chosen.count, 'record')}${isProduction ? ' in production' : ''}`}
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(error.code, connection.name)} className={styles.notice}>
          {error.code === 'result-closed'
            ? 'The answer was replaced by a newer one meanwhile. Close this, look at the newer rows and choose again.'
            : error.message}
        </Notice>
      )}
      {props.children}
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
      {chosen.count === chosen.ofAll && chosen.count > 1 ? (
        <Notice kind="warn" className={styles.after}>
          {`These are all records of ${collection.name}.`}
        </Notice>
      ) : null}
    </Dialog>
  );
}
