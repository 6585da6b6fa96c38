import { useId, useMemo, useState } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { JobRecords } from '../../shared/job.ts';
import { OBJECT_RULE_FACTS, storageRuleProblem, type StorageRule } from '../../shared/storage-rules.ts';
import { call } from '../api/call.ts';
import { useClassOffers } from '../api/storage-queries.ts';
import { isNamed, jobRecords, offeredRecords, type ChosenRecords, type NamedRecords } from '../jobs/chosen-records.ts';
import { StartJobDialog } from '../jobs/StartJobDialog.tsx';
import styles from '../jobs/StartJobDialog.module.css';
import { useSettled } from '../query/use-settled.ts';
import { storageClassName } from '../ui/format.ts';
import { StorageClassPicker } from './StorageClassPicker.tsx';

export interface SetClassDialogProps {
  readonly collection: Collection;
  readonly connection: Connection;
  readonly chosen: ChosenRecords | NamedRecords;
  readonly onClose: () => void;
}

/** Milliseconds after the last key until rules are asked of the records. */
const SETTLED = 250;

/** Moves records into another storage class, by a copy of each onto itself: all into one, or by rules. */
export function SetClassDialog({ collection, connection, chosen, onClose }: SetClassDialogProps) {
  const id = useId();
  const [storageClass, setStorageClass] = useState('');
  const [rules, setRules] = useState<readonly StorageRule[]>([]);
  const isWrong = rules.some(({ where }) => storageRuleProblem(where, OBJECT_RULE_FACTS) !== null);
  const settled = useSettled(isWrong ? '[]' : JSON.stringify(rules), SETTLED);
  const asked = useMemo((): readonly StorageRule[] => JSON.parse(settled), [settled]);
  const records = useMemo(() => {
    const offered = offeredRecords(chosen);
    if (offered.of !== 'result' || asked.length === 0) return offered;
    return { ...offered, rules: { rules: asked, ...(storageClass === '' ? {} : { usual: storageClass }) } };
  }, [chosen, asked, storageClass]);
  const offers = useClassOffers(collection.id, records, 'move', true).data;
  const task = {
    ...(storageClass === '' ? {} : { storageClass }),
    ...(rules.length === 0 ? {} : { storageRules: rules }),
  };
  const offer = offers?.offers.find((each) => each.storageClass === storageClass);
  const missing =
    offers?.unsupported ??
    (isWrong
      ? 'Correct the marked rule first'
      : rules.length > 0
        ? null
        : storageClass === ''
          ? 'Choose a class first'
          : offer !== undefined && offer.there > 0 && offer.there === offers?.objects
            ? `${isNamed(chosen) ? 'It is' : 'They are'} in ${storageClassName(storageClass)} already`
            : null);
  return (
    <StartJobDialog
      title="Change the storage class"
      wide
      verb="Move"
      write="update"
      planned={{
        collection: collection.id,
        kind: 'set-class',
        records: chosen.count,
        of: offeredRecords(chosen),
        ...(storageClass === '' ? {} : { storageClass }),
        ...(asked.length === 0 ? {} : { storageRules: asked }),
      }}
      collection={collection}
      connection={connection}
      count={chosen.count}
      ofAll={chosen.ofAll}
      missing={missing}
      start={async ({ spending }, signal) => {
        const named = rules.length === 0 ? await jobRecords(chosen, signal) : rowsOf(chosen);
        const job = { kind: 'set-class', collection: collection.id, records: named, ...task } as const;
        return call('jobs:start', { job, spending }, signal);
      }}
      onClose={onClose}
    >
      <StorageClassPicker
        id={`${id}-class`}
        collection={collection.id}
        records={records}
        use="move"
        isNear
        value={storageClass}
        onChange={setStorageClass}
        inherited={null}
        {...(isNamed(chosen) ? {} : { rules: { rules, onChange: setRules, facts: OBJECT_RULE_FACTS } })}
        isOpen
      />
      <p className={styles.foot}>
        Each object is copied onto itself: tags, user metadata, encryption and content type stay, the time of its last
        change is that of the copy. An object that leaves a class before its days are over is billed to their end.
        {rules.length === 0
          ? ''
          : ' Rules ask for fields, @size (bytes) and age, such as not (@last_modified within_last 90 days), as the index knows them.'}
      </p>
    </StartJobDialog>
  );
}

/** Rules are asked of rows of the answer, which the index knows. */
function rowsOf(chosen: ChosenRecords | NamedRecords): JobRecords {
  if (isNamed(chosen)) throw new Error('Rules are offered for rows of an answer only.');
  const { result, ranges } = chosen;
  return ranges === null ? { result } : { result, ranges };
}
