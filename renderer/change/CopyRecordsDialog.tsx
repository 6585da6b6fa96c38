import { useId, useMemo, useState } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { CopyTask, IfCopyExists, JobRecords } from '../../shared/job.ts';
import { offeredRecords, startOn } from '../jobs/chosen-records.ts';
import type { JobDialogProps } from '../jobs/DeleteRecordsDialog.tsx';
import { undoWords } from '../jobs/undo-words.ts';
import { StartJobDialog } from '../jobs/StartJobDialog.tsx';
import startStyles from '../jobs/StartJobDialog.module.css';
import { StorageClassPicker } from '../storage/StorageClassPicker.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import { Segments, type Segment } from '../ui/Segments.tsx';
import { DestinationField, placeOf } from './DestinationField.tsx';
import { PreviewedRecords } from './PreviewedRecords.tsx';
import { useChosenPreview } from './use-chosen-preview.ts';

export interface CopyRecordsDialogProps extends JobDialogProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  /** Where they go, as it is chosen at first; null leaves it to the dialog. */
  readonly first: string | null;
}

const IF_EXISTS: readonly Segment<IfCopyExists>[] = [
  { value: 'fail', label: 'Fail' },
  { value: 'skip', label: 'Leave it' },
  { value: 'overwrite', label: 'Replace it' },
];

const IF_EXISTS_WORDS: Readonly<Record<IfCopyExists, string>> = {
  fail: 'A record whose key is there already fails, and is in the report.',
  skip: 'What is there stays, whatever it is.',
  overwrite: 'What is there is kept for an undo, in the job’s journal where the bucket keeps no versions.',
};

type Act = 'copy' | 'move';

const ACTS: readonly Segment<Act>[] = [
  { value: 'copy', label: 'Copy' },
  { value: 'move', label: 'Move' },
];

/** Copies or moves records, as the objects they are, into another collection. */
export function CopyRecordsDialog(props: CopyRecordsDialogProps) {
  const { collection, connection, chosen, connections, collections, first, onClose } = props;
  const ids = useId();
  const [act, setAct] = useState<Act>('copy');
  const [to, setTo] = useState(first ?? '');
  const [ifExists, setIfExists] = useState<IfCopyExists>(first === null ? 'fail' : 'skip');
  const [storageClass, setStorageClass] = useState('');
  const offered = useMemo(() => offeredRecords(chosen), [chosen]);
  const there = placeOf(to, connections, collections);
  const readOnly = act === 'move' && connection.readOnly ? `The connection ${connection.name} is read-only` : null;
  const missing = readOnly ?? (there === null ? 'Choose the collection to go to' : null);
  const task = missing === null ? { kind: act, to, ifExists, ...(storageClass === '' ? {} : { storageClass }) } : null;
  const requestOf = (of: NonNullable<typeof task> & Omit<CopyTask, 'records'>, records: JobRecords) => ({
    ...of,
    collection: collection.id,
    records,
  });
  const preview = useChosenPreview(chosen, task, requestOf);
  const here = { collection, connection };
  const written = [...(there === null ? [] : [there]), ...(act === 'move' ? [here] : [])];
  return (
    <StartJobDialog
      title="Copy or move records"
      verb={act === 'copy' ? 'Copy' : 'Move'}
      planned={{
        collection: collection.id,
        kind: act,
        records: chosen.count,
        of: offered,
        ...(to === '' ? {} : { to }),
        ...(storageClass === '' ? {} : { storageClass }),
        ...(ifExists === 'overwrite' ? { replaces: true } : {}),
      }}
      write={act === 'copy' ? 'create' : 'delete'}
      collection={collection}
      connection={connection}
      written={written}
      count={chosen.count}
      ofAll={act === 'move' ? chosen.ofAll : null}
      missing={missing}
      start={({ spending, ...kept }, signal) => {
        if (task === null) throw new Error('there is no destination');
        return startOn(chosen, (records) => requestOf({ ...task, ...kept }, records), spending, signal);
      }}
      onClose={onClose}
      aside={<PreviewedRecords preview={preview} missing={missing} collection={collection} />}
    >
      <FormRow
        label="What to do"
        htmlFor={`${ids}-act`}
        hint={act === 'move' ? 'Each source goes once its copy was looked at.' : undefined}
      >
        <Segments id={`${ids}-act`} label="What to do" segments={ACTS} value={act} onChange={setAct} />
      </FormRow>
      <DestinationField
        source={collection.id}
        connections={connections}
        collections={collections}
        value={to}
        onChange={setTo}
      />
      <FormRow label="Where one is there" htmlFor={`${ids}-exists`} hint={IF_EXISTS_WORDS[ifExists]}>
        <Segments
          id={`${ids}-exists`}
          label="Where a record is there already"
          segments={IF_EXISTS}
          value={ifExists}
          onChange={setIfExists}
        />
      </FormRow>
      <FormRow label="Storage class" htmlFor={`${ids}-class`}>
        <StorageClassPicker
          id={`${ids}-class`}
          collection={null}
          records={offered}
          use="create"
          isNear={false}
          value={storageClass}
          inherited="As the collection says"
          inheritedAbout="Where it says none, each keeps the class that it has."
          onChange={setStorageClass}
        />
      </FormRow>
      {there !== null && there.collection.codec !== collection.codec ? (
        <p className={startStyles.foot}>
          {`${there.collection.name} reads its records in another form (${there.collection.codec}): the objects go there as they are.`}
        </p>
      ) : null}
      <p className={startStyles.foot}>
        Keys below the prefix stay the same; headers, metadata and tags go along. The server copies by itself where both
        ends are one service, else the bytes pass through Dipper. A record that somebody changes meanwhile is not taken,
        and is in the report. {undoWords(there?.collection ?? collection)}
      </p>
    </StartJobDialog>
  );
}
