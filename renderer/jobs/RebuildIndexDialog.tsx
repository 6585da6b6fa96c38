import { useRef } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { pricesText } from '../../shared/plan-text.ts';
import { totalOf } from '../../shared/plan.ts';
import { useJobPlan } from '../api/job-queries.ts';
import { beyondBudgetWords } from '../query/plan-words.ts';
import { PlanTable } from '../query/PlanTable.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { CollectionSubject } from '../ui/CollectionSubject.tsx';
import { startJob } from './start-job.ts';
import styles from './StartJobDialog.module.css';

export interface RebuildIndexDialogProps {
  readonly collection: Collection;
  readonly connection: Connection;
  readonly onClose: () => void;
}

/** Asks before an index is made anew where that goes beyond the budget of the connection. */
export function RebuildIndexDialog({ collection, connection, onClose }: RebuildIndexDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const plan = useJobPlan({ collection: collection.id, kind: 'sync', records: 0 });

  function start(): void {
    startJob({ kind: 'sync', collection: collection.id, rebuild: true }, 'anything');
    onClose();
  }

  return (
    <Dialog
      open
      alert
      title="Rebuild the index"
      subject={<CollectionSubject collection={collection} connection={connection} />}
      initialFocus={cancel}
      onClose={onClose}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            disabledReason={plan === null ? 'What it takes is not known yet' : null}
            onClick={start}
          >
            Read every record again
          </Button>
        </>
      }
    >
      <p className={styles.words}>
        {plan === null
          ? null
          : `${beyondBudgetWords(plan, `A job over ${connection.name}`) ?? ''} This one takes more.`}
      </p>
      <p className={styles.words}>The index on this machine is thrown away and made again. Nothing in S3 changes.</p>
      {plan === null ? null : <PlanTable plan={plan} />}
      {plan === null || totalOf(plan).dollars === null ? null : (
        <p className={styles.foot}>{pricesText(plan.prices)}</p>
      )}
    </Dialog>
  );
}
