import { useId, useMemo, useState } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import type { RecordEdit } from '../../shared/record.ts';
import { useRecordOfRow } from '../api/record-queries.ts';
import { useFields } from '../api/search-queries.ts';
import { editKindOfField, jsonOf, valueProblem, type EditKind } from '../record/value-kind.ts';
import { ValueEditor } from '../record/ValueEditor.tsx';
import { Combobox } from '../ui/Combobox.tsx';
import { formatCount } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { Option } from '../ui/option.ts';
import { Segments } from '../ui/Segments.tsx';
import { glyphClass, glyphIcon, glyphWord } from '../ui/TypeGlyph.tsx';
import type { JobDialogProps } from './DeleteRecordsDialog.tsx';
import { exampleOf, pathOf } from './set-field.ts';
import { StartJobDialog } from './StartJobDialog.tsx';
import styles from './StartJobDialog.module.css';

const NO_FIELDS: readonly never[] = [];

type Change = 'set' | 'remove';

/** Sets one field, or a metadata entry, of many records to one value, or removes it. */
export function SetFieldDialog({ collection, connection, chosen, onClose }: JobDialogProps) {
  const ids = useId();
  const fields = useFields(collection.id).data ?? NO_FIELDS;
  const options = useMemo(() => fieldOptions(fields), [fields]);
  const [part, setPart] = useState<RecordEdit['part']>('fields');
  const [name, setName] = useState('');
  const [change, setChange] = useState<Change>('set');
  const [value, setValue] = useState<Value>(() => valueOf('string'));

  function choose(next: string): void {
    setName(next);
    const summary = part === 'fields' ? fields.find(({ path }) => path.join('.') === next) : undefined;
    setValue(valueOf(summary === undefined ? 'string' : editKindOfField(summary.kind)));
  }

  const path = part === 'fields' ? pathOf(name, fields) : [name];
  const edit: RecordEdit = { part, path, text: change === 'remove' ? null : (value.text ?? 'null') };
  const missing = name === '' ? 'Choose a field first' : change === 'set' ? value.problem : null;
  const words = part === 'fields' ? 'field' : 'metadata entry';
  return (
    <StartJobDialog
      title="Set a field"
      verb="Change"
      danger={false}
      write="update"
      collection={collection}
      connection={connection}
      chosen={chosen}
      missing={missing}
      request={(records) => ({ kind: 'update', collection: collection.id, records, edits: [edit] })}
      onClose={onClose}
    >
      {collection.codec === 'dataknobs' ? (
        <FormRow label="Part" htmlFor={`${ids}-part`}>
          <Segments
            id={`${ids}-part`}
            label="Part of the record"
            segments={[
              { value: 'fields', label: 'Fields' },
              { value: 'metadata', label: 'Metadata' },
            ]}
            value={part}
            onChange={(next) => {
              setPart(next);
              setName('');
            }}
          />
        </FormRow>
      ) : null}
      <FormRow label={part === 'fields' ? 'Field' : 'Metadata entry'} htmlFor={`${ids}-field`}>
        <Combobox
          key={part}
          id={`${ids}-field`}
          wide
          autoFocus
          options={part === 'fields' ? options : NO_FIELDS}
          value={name}
          placeholder="name"
          allowOther
          emptyText="Type a name; a path such as address.city goes below a field"
          onChange={choose}
        />
      </FormRow>
      <FormRow label="Change" htmlFor={`${ids}-change`}>
        <Segments
          id={`${ids}-change`}
          label="Change"
          segments={[
            { value: 'set', label: 'Set to a value' },
            { value: 'remove', label: `Remove the ${words}` },
          ]}
          value={change}
          onChange={(next) => {
            setChange(next);
            // The editor begins anew.
            setValue(valueOf(value.kind));
          }}
        />
      </FormRow>
      {change === 'set' && name !== '' ? (
        <FormRow label="Value" htmlFor={`${ids}-value`}>
          <div id={`${ids}-value`}>
            <ValueEditor
              key={`${part} ${name}`}
              name={name}
              kind={value.kind}
              typed=""
              byTyping={false}
              onChange={(text, problem) => setValue((before) => ({ ...before, text, problem }))}
              onDone={() => undefined}
              onCancel={onClose}
            />
          </div>
        </FormRow>
      ) : null}
      {missing === null ? (
        <Example collection={collection.id} result={chosen.result} row={chosen.ranges?.[0]?.from ?? 0} edit={edit} />
      ) : null}
      <p className={styles.foot}>
        Each record is read and written: 2 or 3 requests each, at most {formatCount(chosen.count * 3)}. A record that
        somebody changes meanwhile stays as it is, and is in the report; one that has the value already is not written.
      </p>
    </StartJobDialog>
  );
}

interface Value {
  readonly kind: EditKind;
  /** JSON text; null while what was typed is no value. */
  readonly text: string | null;
  readonly problem: string | null;
}

function valueOf(kind: EditKind): Value {
  const typed = kind === 'boolean' ? 'true' : '';
  const problem = valueProblem(kind, typed);
  return { kind, text: problem === null ? jsonOf(kind, typed) : null, problem };
}

interface ExampleProps {
  readonly collection: string;
  readonly result: string;
  readonly row: number;
  readonly edit: RecordEdit;
}

/** One of the records before and after, so that a wrong type or place is seen before a thousand records have it. */
function Example({ collection, result, row, edit }: ExampleProps) {
  const { data: record } = useRecordOfRow(collection, result, row);
  if (record === undefined) return null;
  const { before, after, missingParent } = exampleOf(record, edit);
  return (
    <div className={styles.example} role="group" aria-label="The first of them, before and after">
      <span className={styles.of}>
        The first of them, <span className={styles.mono}>{record.id}</span>
        {record.problem !== null
          ? ', is no record: it will fail, with the reason in the report'
          : missingParent !== null
            ? `, has no ${missingParent} for it to be in: it will fail, with the reason in the report`
            : before === after
              ? ', has this value already'
              : ''}
      </span>
      <span className={styles.name}>{edit.path.join('.')}</span>
      <ExampleValue text={before} className={styles.before} />
      <Icon name="arrow-right" />
      <ExampleValue text={after} className={styles.later} />
    </div>
  );
}

const SHOWN_CHARACTERS = 400;

function ExampleValue({ text, className }: { readonly text: string | null; readonly className: string | undefined }) {
  return (
    <span className={className}>
      {text === null ? (
        <span className={styles.missing}>missing</span>
      ) : (
        <mark className={styles.mono}>
          {text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text}
        </mark>
      )}
    </span>
  );
}

function fieldOptions(fields: readonly FieldSummary[]): readonly Option[] {
  return fields.map(({ path, kind }) => ({
    value: path.join('.'),
    label: path.join('.'),
    icon: glyphIcon(kind),
    iconClassName: glyphClass(kind),
    detail: glyphWord(kind),
  }));
}
