import { useId, useMemo, useState } from 'react';
import type { SizeCount } from '../../shared/class-offer.ts';
import { RESTORE_TIERS, type RestoreTier } from '../../shared/job.ts';
import { dollarsText } from '../../shared/plan-text.ts';
import { totalOf } from '../../shared/plan.ts';
import type { PlannedTask } from '../../shared/planned-job.ts';
import { isArchived } from '../../shared/storage-classes.ts';
import { useJobPlan } from '../api/job-queries.ts';
import { useClassOffers } from '../api/storage-queries.ts';
import { offeredRecords, startOn } from '../jobs/chosen-records.ts';
import type { JobDialogProps } from '../jobs/DeleteRecordsDialog.tsx';
import { StartJobDialog } from '../jobs/StartJobDialog.tsx';
import styles from '../jobs/StartJobDialog.module.css';
import { countOf } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments } from '../ui/Segments.tsx';

const TIER_WORDS: Readonly<Record<RestoreTier, string>> = {
  Standard: 'In 3 to 5 hours; of Deep Archive within 12.',
  Bulk: 'In 5 to 12 hours; of Deep Archive within 48.',
  Expedited: 'In 1 to 5 minutes.',
};

/** Asks S3 for readable copies of archived records, for some days. */
export function RestoreRecordsDialog({ collection, connection, chosen, onClose }: JobDialogProps) {
  const ids = useId();
  const [days, setDays] = useState('7');
  const [tier, setTier] = useState<RestoreTier>('Standard');
  const records = useMemo(() => offeredRecords(chosen), [chosen]);
  const sizes = useClassOffers(collection.id, records, 'move', false).data?.sizes ?? null;
  const wholeDays = /^[1-9]\d{0,4}$/.test(days.trim()) && Number(days) <= 36_500 ? Number(days) : null;
  const plannedAs = (of: RestoreTier): PlannedTask => ({
    collection: collection.id,
    kind: 'restore',
    records: chosen.count,
    of: records,
    tier: of,
    days: wholeDays ?? 1,
  });
  const prices: Readonly<Record<RestoreTier, number | null>> = {
    Standard: dollarsOf(useJobPlan(plannedAs('Standard'))),
    Bulk: dollarsOf(useJobPlan(plannedAs('Bulk'))),
    Expedited: dollarsOf(useJobPlan(plannedAs('Expedited'))),
  };
  const archived = sizes === null ? null : objectsOf(sizes, isArchived);
  const deep = sizes === null ? 0 : objectsOf(sizes, (name) => name === 'DEEP_ARCHIVE');
  return (
    <StartJobDialog
      title="Restore from the archive"
      verb="Restore"
      planned={plannedAs(tier)}
      write="update"
      collection={collection}
      connection={connection}
      count={archived ?? chosen.count}
      ofAll={null}
      missing={
        wholeDays === null
          ? 'Say for how many days, at least 1'
          : archived === 0
            ? 'None of them is archived: all can be read'
            : tier === 'Expedited' && deep > 0
              ? `${countOf(deep, 'record')} of Deep Archive cannot be had that soon: choose another speed`
              : null
      }
      start={({ spending }, signal) =>
        startOn(
          chosen,
          (named) => ({ kind: 'restore', collection: collection.id, records: named, days: wholeDays ?? 1, tier }),
          spending,
          signal,
        )
      }
      onClose={onClose}
    >
      <p className={styles.words}>
        {archived === null
          ? 'S3 makes copies of archived records that can be read.'
          : `S3 makes copies that can be read of ${countOf(archived, 'archived record')}; ${countOf(chosen.count - archived, 'record')} can be read as ${chosen.count - archived === 1 ? 'it is' : 'they are'}.`}{' '}
        The records stay in their class; the copies go by themselves.
      </p>
      <FormRow label="How soon" htmlFor={`${ids}-tier`} hint={TIER_WORDS[tier]}>
        <Segments
          id={`${ids}-tier`}
          label="How soon"
          segments={RESTORE_TIERS.map((value) => ({ value, label: labelOf(value, prices[value]) }))}
          value={tier}
          onChange={setTier}
        />
      </FormRow>
      <FormRow label="For days" htmlFor={`${ids}-days`} hint="So long the copies are kept, and billed as Standard.">
        <NumberField id={`${ids}-days`} align="start" value={days} wrong={wholeDays === null} onChange={setDays} />
      </FormRow>
    </StartJobDialog>
  );
}

function labelOf(tier: RestoreTier, dollars: number | null): string {
  return dollars === null ? tier : `${tier}, ${dollarsText(dollars)}`;
}

function dollarsOf(plan: ReturnType<typeof useJobPlan>): number | null {
  return plan === null ? null : totalOf(plan).dollars;
}

function objectsOf(sizes: readonly SizeCount[], isMeant: (storageClass: string) => boolean): number {
  return sizes.reduce((sum, { storageClass, objects }) => sum + (isMeant(storageClass) ? objects : 0), 0);
}
