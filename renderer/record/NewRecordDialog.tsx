import { useId, useMemo, useRef, useState } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { JsonSyntaxError } from '../../shared/json/json-syntax-error.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { Tag } from '../../shared/record.ts';
import { expandKey } from '../../shared/record-key.ts';
import { call, toAppError } from '../api/call.ts';
import { useRecord, useWeakerWrite } from '../api/record-queries.ts';
import { useFields } from '../api/search-queries.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { CollectionSubject } from '../ui/CollectionSubject.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { TextProblem } from './editing.ts';
import { LazyJsonEditor } from './lazy-json-editor.ts';
import styles from './NewRecordDialog.module.css';
import { templateOf, textOfCopy } from './record-template.ts';
import { tagProblems, tooManyTags } from '../../shared/tag-limits.ts';
import { TagsTable } from './TagsTable.tsx';
import { useWrite } from './use-write.ts';

export interface NewRecordDialogProps {
  readonly collection: Collection;
  readonly connection: Connection;
  /** Key of a record whose fields and tags are the start; null for the collection's fields without values. */
  readonly copyOf: string | null;
  readonly onClose: () => void;
  readonly onCreated: (key: string) => void;
  /** Opens a record that is there already under the id wanted. */
  readonly onOpenRecord: (key: string) => void;
}

/** A new record from JSON; an id that is taken is said, never written over. */
export function NewRecordDialog({
  collection,
  connection,
  copyOf,
  onClose,
  onCreated,
  onOpenRecord,
}: NewRecordDialogProps) {
  const ids = useId();
  const first = useRef<HTMLInputElement>(null);
  const known = useFields(collection.id);
  const original = useRecord(collection.id, copyOf);
  const weaker = useWeakerWrite(collection.id, 'create');
  const [id, setId] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const [typedTags, setTags] = useState<readonly Tag[] | null>(null);
  const { working, error, send } = useWrite();
  const [notes, setNotes] = useState<{ readonly key: string; readonly texts: readonly string[] } | null>(null);

  const started = useMemo(() => {
    if (copyOf !== null) return original.data === undefined ? null : textOfCopy(original.data);
    return known.data === undefined && !known.isError ? null : templateOf(known.data ?? []);
  }, [copyOf, known.data, known.isError, original.data]);
  const text = typed ?? started;
  const tags = typedTags ?? original.data?.tags ?? [];
  const problem = useMemo(() => (text === null ? null : recordProblem(text)), [text]);
  const obstacle =
    text === null
      ? 'The fields of the record are being read.'
      : (problem?.message ?? tagProblems(tags)[0]?.message ?? tooManyTags(tags));
  const key = expandKey(collection, id);

  async function create(withoutTags: boolean): Promise<void> {
    if (text === null || obstacle !== null) return;
    await send(async (signal) => {
      const written = await call(
        'record:create',
        {
          collection: collection.id,
          id: id === '' ? null : id,
          record: text,
          ...(tags.length === 0 || withoutTags ? {} : { tags }),
          ...(withoutTags ? { withoutTags: true } : {}),
        },
        signal,
      );
      if (written.notes.length === 0) onCreated(written.key);
      else setNotes({ key: written.key, texts: written.notes });
    });
  }

  if (notes !== null) {
    return (
      <Dialog
        open
        title="Record created"
        subject={notes.key}
        onClose={() => onCreated(notes.key)}
        footer={
          <Button kind="primary" onClick={() => onCreated(notes.key)}>
            Open the record
          </Button>
        }
      >
        <Notice kind="info" title="The record is saved, with something to know">
          {notes.texts.map((note) => (
            <div key={note}>{note}</div>
          ))}
        </Notice>
      </Dialog>
    );
  }
  const production = connection.environment === 'production';
  return (
    <Dialog
      open
      production={production}
      title={copyOf === null ? 'New record' : 'Duplicate record'}
      subject={<CollectionSubject collection={collection} connection={connection} />}
      keepOpen={typed !== null || typedTags !== null || id !== ''}
      initialFocus={first}
      onClose={onClose}
      onSubmit={() => void create(false)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            production={production}
            disabledReason={working ? 'The record is being created.' : obstacle}
          >
            {production ? 'Create record in production' : 'Create record'}
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <Notice
          kind="error"
          title={failureTitle(error.code, connection.name)}
          className={styles.notice}
          actions={
            error.code === 'tagging-denied' ? (
              <Button compact onClick={() => void create(true)}>
                Create without tags
              </Button>
            ) : error.code === 'record-exists' && error.detail?.key !== undefined ? (
              <Button compact onClick={() => onOpenRecord(error.detail?.key ?? '')}>
                Open the record that is there
              </Button>
            ) : undefined
          }
        >
          {error.message}
        </Notice>
      )}
      {original.error === null ? null : (
        <Notice kind="error" title="The record to duplicate cannot be read" className={styles.notice}>
          {toAppError(original.error).message}
        </Notice>
      )}
      {weaker === null ? null : (
        <Notice kind="warn" className={styles.notice}>
          {weaker}
        </Notice>
      )}
      <FormRow
        label="id"
        htmlFor={`${ids}-id`}
        hint={
          id === ''
            ? 'May stay empty: then the record’s own id counts, or a new one is made.'
            : `The object’s key will be ${key}`
        }
      >
        <TextField
          ref={first}
          id={`${ids}-id`}
          aria-describedby={`${ids}-id-note`}
          wide
          mono
          value={id}
          onChange={setId}
        />
      </FormRow>
      <div className={styles.label}>Fields</div>
      <div className={styles.editor}>
        {text === null ? null : (
          <LazyJsonEditor
            label="Fields of the new record"
            text={text}
            problem={problem}
            describedBy={`${ids}-json`}
            onChange={setTyped}
          />
        )}
      </div>
      <div id={`${ids}-json`} className={problem === null ? styles.hint : styles.problem} role="status">
        {problem?.message ?? 'Fields that the record shall not have can be removed.'}
      </div>
      <div className={styles.label}>Tags</div>
      <div className={styles.tags}>
        <TagsTable tags={tags} lockedReason={null} onChange={setTags} />
      </div>
    </Dialog>
  );
}

function recordProblem(text: string): TextProblem | null {
  try {
    return readJson(text).kind === 'object'
      ? null
      : { message: 'A record is an object: its text begins with { and ends with }.', offset: 0 };
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    return { message: `Line ${thrown.line}, column ${thrown.column}: ${thrown.message}`, offset: thrown.offset };
  }
}
