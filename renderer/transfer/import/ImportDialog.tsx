import { useMemo, useState } from 'react';
import type { Collection } from '../../../shared/collection.ts';
import type { Connection } from '../../../shared/connection.ts';
import { boundOf, type OfferedRecords, type SizeCount } from '../../../shared/class-offer.ts';
import type { ImportForecast, ImportSettings, ImportSource, PreviewedRow } from '../../../shared/import.ts';
import { formatBytes } from '../../../shared/byte-size.ts';
import type { Spending } from '../../../shared/plan.ts';
import { call, toAppError } from '../../api/call.ts';
import { useImportInspection, useImportPreview } from '../../api/import-queries.ts';
import { useWeakerWrite } from '../../api/record-queries.ts';
import { asksToKeep, KeptBodies } from '../../jobs/KeptBodies.tsx';
import { useSettled } from '../../query/use-settled.ts';
import { useWrite } from '../../record/use-write.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { EnvironmentWord } from '../../ui/EnvironmentMark.tsx';
import { failureTitle } from '../../ui/failure-texts.ts';
import { countOf } from '../../ui/format.ts';
import { Notice } from '../../ui/Notice.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { FieldTable } from './FieldTable.tsx';
import { ForecastPart } from './ForecastPart.tsx';
import {
  editedFields,
  editField,
  importProblems,
  NO_EDITS,
  settingsOf,
  toggleTag,
  type ImportEdits,
} from './import-edits.ts';
import styles from './ImportDialog.module.css';
import { pickedFrom, pickedText, type PickedSource } from './picked-source.ts';
import { PreviewPart } from './PreviewPart.tsx';
import { ReadingFields } from './ReadingFields.tsx';
import { SourcePart } from './SourcePart.tsx';
import { useGivenSource, type GivenSource } from './use-given-source.ts';
import { WritingFields } from './WritingFields.tsx';

/** Milliseconds after the last key until the preview follows. */
const SETTLED = 250;

export interface ImportDialogProps {
  readonly collection: Collection;
  readonly connection: Connection;
  /** What was dropped or pasted already; null where that is asked first. */
  readonly picked: PickedSource | null;
  readonly onClose: () => void;
}

/** Rows of a file as records of a collection, on one page: how they are read, what they become, what that would do. */
export function ImportDialog({ collection, connection, picked, onClose }: ImportDialogProps) {
  const control = useGivenSource(picked);
  const { given } = control;
  const isThere = given.state === 'there';
  const [problem, setProblem] = useState<string | null>(null);

  function take(data: DataTransfer | null): boolean {
    const found = data === null ? null : pickedFrom(data);
    setProblem(typeof found === 'string' ? found : null);
    if (found !== null && typeof found !== 'string') control.pick(found);
    return found !== null;
  }

  return (
    // What is dropped or pasted anywhere in the dialog is another source.
    <div
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        take(event.dataTransfer);
      }}
      onPaste={(event) => {
        if (take(event.clipboardData)) {
          event.preventDefault();
          return;
        }
        const text = event.clipboardData.getData('text/plain');
        if (isThere || text.trim() === '' || isField(event.target)) return;
        event.preventDefault();
        control.pick(pickedText(text));
      }}
    >
      {isThere ? (
        <ReadImport
          // Another source begins with nothing said of it.
          key={JSON.stringify(given.source)}
          collection={collection}
          connection={connection}
          given={given}
          problem={problem}
          onOther={control.leave}
          onClose={onClose}
        />
      ) : (
        <Dialog
          open
          wide
          title={`Import into ${collection.name}`}
          subject={<Place collection={collection} connection={connection} />}
          onClose={onClose}
          footer={<Button onClick={onClose}>Cancel</Button>}
        >
          <Problem text={problem} />
          <SourcePart control={control} bucket={collection.bucket} connection={connection.name} />
        </Dialog>
      )}
    </div>
  );
}

interface ReadImportProps {
  readonly collection: Collection;
  readonly connection: Connection;
  readonly given: Extract<GivenSource, { readonly state: 'there' }>;
  readonly problem: string | null;
  readonly onOther: () => void;
  readonly onClose: () => void;
}

function ReadImport({ collection, connection, given, problem, onOther, onClose }: ReadImportProps) {
  const { source, name } = given;
  const [edits, setEdits] = useState<ImportEdits>(NO_EDITS);
  const change = (more: Partial<ImportEdits>): void => setEdits((before) => ({ ...before, ...more }));
  const inspected = useImportInspection(collection.id, source, edits.reading);
  const inspection = inspected.data ?? null;
  const failure = inspected.error === null ? null : toAppError(inspected.error);
  const problems = inspection === null ? {} : importProblems(inspection, edits);
  const firstProblem = Object.values(problems)[0] ?? null;
  const isReady = inspection !== null && failure === null && !inspected.isPlaceholderData && firstProblem === null;
  const settings = isReady ? settingsOf(inspection, edits) : null;
  const settled = useSettled(settings === null ? null : JSON.stringify(settings), SETTLED);
  const shown = useMemo((): ImportSettings | null => (settled === null ? null : JSON.parse(settled)), [settled]);
  const preview = useImportPreview(collection.id, source, shown);
  const dryRun = useDryRun(collection.id, source);
  const starting = useWrite();
  const weaker = useWeakerWrite(collection.id, 'update');
  const [typed, setTyped] = useState('');
  const [keeps, setKeeps] = useState(false);
  const askedToKeep = starting.error?.detail?.kept ?? null;

  const isProduction = connection.environment === 'production';
  const unsure = isProduction && typed.trim() !== collection.name ? `Type ${collection.name} first` : null;
  const unready =
    firstProblem ?? (failure !== null ? 'The rows cannot be read so' : isReady ? null : 'The rows are being read');
  const forecast = dryRun.forecast;
  const isOld = forecast !== null && JSON.stringify(settings) !== dryRun.of;
  const count = forecast === null || isOld ? null : forecast.counts.new + forecast.counts.changed;
  const written = useMemo(
    () =>
      writtenRecords(isOld ? null : forecast, preview.data ?? [], edits.storageClass ?? collection.defaultStorageClass),
    [forecast, isOld, preview.data, edits.storageClass, collection.defaultStorageClass],
  );

  const replaced = forecast === null || isOld || collection.memoryOnly ? null : forecast.replaced;
  // It is known beforehand after a dry run; else the start itself finds it out.
  const kept = askedToKeep ?? (asksToKeep(replaced) ? replaced : null);

  function start(spending: Spending = 'within-budget'): void {
    if (settings === null) return;
    void starting.send(async (signal) => {
      const badRows = collection.memoryOnly ? null : 'with-job';
      const undoable = kept === null ? {} : { undoable: keeps };
      const job = { kind: 'import', collection: collection.id, source, settings, badRows, ...undoable } as const;
      await call('jobs:start', { job, spending }, signal);
      onClose();
    });
  }

  return (
    <Dialog
      production={isProduction}
      open
      wide
      keepOpen
      title={`Import into ${collection.name}`}
      subject={<Place collection={collection} connection={connection} />}
      onClose={onClose}
      footer={
        <>
          {isProduction ? (
            <label className={styles.production}>
              Production: type <span className={styles.mono}>{collection.name}</span> to go on
              <TextField mono value={typed} onChange={setTyped} autoComplete="off" />
            </label>
          ) : null}
          <Button onClick={onClose}>Cancel</Button>
          {dryRun.working ? (
            <Button icon="stop" onClick={dryRun.stop}>
              Stop the dry run
            </Button>
          ) : (
            <Button disabledReason={unready} onClick={() => settings !== null && dryRun.run(settings)}>
              Dry run
            </Button>
          )}
          <Button
            kind="primary"
            production={isProduction}
            icon="upload"
            disabledReason={starting.working ? 'The import is being started' : (unready ?? unsure)}
            onClick={() => start()}
          >
            {`Import ${count === null ? 'all rows' : countOf(count, 'record')}${isProduction ? ' in production' : ''}`}
          </Button>
        </>
      }
    >
      <Problem text={problem} />
      {starting.error === null ? null : (
        <Notice
          kind="error"
          title={failureTitle(starting.error.code, connection.name)}
          className={styles.notice}
          actions={
            starting.error.code === 'ask-first' && askedToKeep === null ? (
              <Button disabledReason={unready ?? unsure} onClick={() => start('anything')}>
                Import beyond the budget
              </Button>
            ) : undefined
          }
        >
          {starting.error.message}
        </Notice>
      )}
      {kept === null ? null : <KeptBodies bytes={kept} keeps={keeps} onChange={setKeeps} />}
      <div className={styles.source}>
        <span className={styles.name}>{name}</span>
        <span className={styles.soft}>{inspection === null ? '' : formatBytes(inspection.size)}</span>
        <Button compact onClick={onOther}>
          Another source
        </Button>
      </div>
      {weaker === null ? null : (
        <Notice kind="warn" className={styles.notice}>
          {weaker}
        </Notice>
      )}
      {collection.memoryOnly ? (
        <Notice kind="info" className={styles.notice}>
          {`${collection.name} leaves nothing on this machine’s disk: the import ends with Dipper, and its bad rows are in the job’s report only. What a browser sends of a file is on the disk until it is imported.`}
        </Notice>
      ) : null}
      <div className={styles.columns}>
        <div className={styles.left}>
          {failure === null ? null : (
            <Notice kind="error" title={failureTitle(failure.code, connection.name)} className={styles.notice}>
              {failure.message}
            </Notice>
          )}
          {inspection?.notes.map((note) => (
            <Notice key={note} kind="info" className={styles.notice}>
              {note}
            </Notice>
          ))}
          <ReadingFields
            found={inspection?.settings.reading ?? null}
            given={edits.reading}
            onChange={(reading) => change({ reading })}
          />
          {inspection === null ? null : (
            <>
              {inspection.fields.length === 0 ? null : (
                <FieldTable
                  fields={editedFields(inspection, edits)}
                  onEdit={(of, edit) => setEdits((before) => editField(before, of, edit))}
                  onTag={(of, isTag) => setEdits((before) => toggleTag(before, of, isTag))}
                />
              )}
              {(problems.fields ?? problems.tags) === undefined ? null : (
                <p className={styles.problem} role="alert">
                  {problems.fields ?? problems.tags}
                </p>
              )}
              <WritingFields
                collection={collection}
                edits={edits}
                foundKey={inspection.settings.key}
                written={written.records}
                writtenWords={written.words}
                problems={problems}
                onChange={change}
              />
            </>
          )}
        </div>
        <section className={styles.right} aria-label="Preview">
          <PreviewPart
            rows={failure === null ? preview.data : []}
            error={preview.error === null ? null : toAppError(preview.error)}
            isOld={preview.isPlaceholderData || inspected.isPlaceholderData}
          />
        </section>
      </div>
      {dryRun.error === null ? null : (
        <Notice kind="error" title={failureTitle(dryRun.error.code, connection.name)} className={styles.notice}>
          {dryRun.error.message}
        </Notice>
      )}
      {dryRun.working ? (
        <p className={styles.words} role="status">
          All rows are being read, and what is in their places …
        </p>
      ) : null}
      {forecast === null || dryRun.working ? null : <ForecastPart forecast={forecast} isOld={isOld} />}
    </Dialog>
  );
}

/** What is known of the sizes of what will be written: all of it after a dry run, else the first rows. */
function writtenRecords(
  forecast: ImportForecast | null,
  rows: readonly PreviewedRow[],
  usualClass: string | null,
): { readonly records: OfferedRecords; readonly words: string } {
  if (forecast !== null) {
    const { sizes, ruled } = forecast;
    const records = { of: 'sizes', sizes, ...(ruled === undefined ? {} : { ruled }) } as const;
    return { records, words: 'what will be written' };
  }
  const encoder = new TextEncoder();
  const ruled = rows
    .filter(({ problem }) => problem === null)
    .map(({ body, storageClass }): SizeCount => {
      const bytes = encoder.encode(body).length;
      return { storageClass: storageClass ?? usualClass ?? 'STANDARD', bound: boundOf(bytes), objects: 1, bytes };
    });
  const sizes = ruled.map((count) => ({ ...count, storageClass: 'STANDARD' }));
  return { records: { of: 'sizes', sizes, ruled }, words: 'the first rows alone' };
}

interface DryRun {
  readonly forecast: ImportForecast | null;
  /** Settings that it is of, as JSON. */
  readonly of: string;
  readonly working: boolean;
  readonly error: ReturnType<typeof useWrite>['error'];
  readonly run: (settings: ImportSettings) => void;
  readonly stop: () => void;
}

function useDryRun(collection: string, source: ImportSource): DryRun {
  const { working, error, send, stop } = useWrite();
  const [{ forecast, of }, setDone] = useState<Pick<DryRun, 'forecast' | 'of'>>({ forecast: null, of: '' });
  return {
    forecast,
    of,
    working,
    error,
    stop,
    run: (settings) =>
      void send(async (signal) => {
        const done = await call('import:forecast', { collection, source, settings }, signal);
        setDone({ forecast: done, of: JSON.stringify(settings) });
      }),
  };
}

function Place({ collection, connection }: Pick<ImportDialogProps, 'collection' | 'connection'>) {
  return (
    <>
      {`${connection.name}, s3://${collection.bucket}/${collection.prefix}`}{' '}
      <EnvironmentWord environment={connection.environment} />
    </>
  );
}

function Problem({ text }: { readonly text: string | null }) {
  return text === null ? null : (
    <Notice kind="warn" className={styles.notice}>
      {text}
    </Notice>
  );
}

/** Where pasted text belongs. */
function isField(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
