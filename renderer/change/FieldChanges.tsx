import { useMemo, useState } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import { CONVERSIONS, type Conversion } from '../../shared/record.ts';
import { editKindOfField } from '../record/value-kind.ts';
import { ValueEditor } from '../record/ValueEditor.tsx';
import { Button } from '../ui/Button.tsx';
import { Combobox } from '../ui/Combobox.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import type { Option } from '../ui/option.ts';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { glyphClass, glyphIcon, glyphWord } from '../ui/TypeGlyph.tsx';
import { emptyValue, newFieldChange, type FieldChange } from './change-form.ts';
import styles from './ChangeDialog.module.css';

const ACTIONS: readonly Option<FieldChange['action']>[] = [
  { value: 'set', label: 'Set' },
  { value: 'remove', label: 'Remove' },
  { value: 'rename', label: 'Rename' },
  { value: 'convert', label: 'Convert' },
];

const PARTS: readonly Option<FieldChange['part']>[] = [
  { value: 'fields', label: 'field' },
  { value: 'metadata', label: 'metadata' },
];

const CONVERSION_WORDS: Readonly<Record<Conversion, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  json: 'the JSON in its text',
  list: 'a list of it',
};

const CONVERSION_OPTIONS = CONVERSIONS.map((value) => ({ value, label: CONVERSION_WORDS[value] }));

export interface FieldChangesProps {
  readonly changes: readonly FieldChange[];
  /** That the records have. */
  readonly fields: readonly FieldSummary[];
  /** Records of dataknobs have a second part. */
  readonly hasMetadata: boolean;
  readonly onChange: (changes: readonly FieldChange[]) => void;
  readonly onCancel: () => void;
}

/** What is done to fields, one after the other. */
export function FieldChanges({ changes, fields, hasMetadata, onChange, onCancel }: FieldChangesProps) {
  const options = useMemo(() => fieldOptions(fields), [fields]);
  const [nextId, setNextId] = useState(changes.length);

  function add(): void {
    onChange([...changes, newFieldChange(nextId)]);
    setNextId(nextId + 1);
  }

  return (
    <>
      <ol className={styles.changes}>
        {changes.map((change, place) => (
          <li key={change.id} className={styles.change} aria-label={`Change ${place + 1}`}>
            <Line
              change={change}
              fields={fields}
              options={options}
              hasMetadata={hasMetadata}
              onlyOne={changes.length === 1}
              onChange={(next) => onChange(changes.map((each) => (each.id === change.id ? next : each)))}
              onCancel={onCancel}
              onRemove={() => onChange(changes.filter(({ id }) => id !== change.id))}
            />
          </li>
        ))}
      </ol>
      <Button kind="quiet" compact icon="plus" onClick={add}>
        Add a change
      </Button>
    </>
  );
}

interface LineProps {
  readonly change: FieldChange;
  readonly fields: readonly FieldSummary[];
  readonly options: readonly Option[];
  readonly hasMetadata: boolean;
  readonly onlyOne: boolean;
  readonly onChange: (change: FieldChange) => void;
  readonly onRemove: () => void;
  readonly onCancel: () => void;
}

function Line({ change, fields, options, hasMetadata, onlyOne, onChange, onRemove, onCancel }: LineProps) {
  const { action, part, name, value } = change;

  function choose(next: string): void {
    const summary = part === 'fields' ? fields.find(({ path }) => path.join('.') === next) : undefined;
    const kind = summary === undefined ? 'string' : editKindOfField(summary.kind);
    onChange({ ...change, name: next, value: emptyValue(kind) });
  }

  return (
    <>
      <div className={styles.line}>
        <Select
          label="What to do"
          options={ACTIONS}
          value={action}
          // The editor of the value begins anew.
          onChange={(next) => onChange({ ...change, action: next, value: emptyValue(value.kind) })}
        />
        {hasMetadata ? (
          <Select
            label="Part of the record"
            options={PARTS}
            value={part}
            onChange={(next) => onChange({ ...change, part: next, name: '' })}
          />
        ) : null}
        <Combobox
          key={part}
          label={part === 'fields' ? 'Field' : 'Metadata entry'}
          wide
          className={styles.field}
          autoFocus
          options={part === 'fields' ? options : NO_OPTIONS}
          value={name}
          placeholder={part === 'fields' ? 'field' : 'entry'}
          allowOther
          emptyText="Type a name; a path such as address.city goes below a field"
          onChange={choose}
        />
        <IconButton
          icon="close"
          name="Leave this change out"
          disabledReason={onlyOne ? 'It is the only one' : null}
          onClick={onRemove}
        />
      </div>
      {action === 'set' && name !== '' ? (
        <ValueEditor
          key={`${part} ${name}`}
          name={name}
          kind={value.kind}
          typed=""
          byTyping={false}
          onChange={(text, problem) => onChange({ ...change, value: { ...value, text, problem } })}
          onDone={() => undefined}
          onCancel={onCancel}
        />
      ) : null}
      {action === 'rename' ? (
        <TextField
          label={`New name of ${name === '' ? 'the field' : name}`}
          placeholder="new name"
          wide
          value={change.rename}
          onChange={(rename) => onChange({ ...change, rename })}
        />
      ) : null}
      {action === 'convert' ? (
        <Select
          label={`What ${name === '' ? 'the field' : name} becomes`}
          wide
          options={CONVERSION_OPTIONS}
          value={change.convert}
          onChange={(convert) => onChange({ ...change, convert })}
        />
      ) : null}
    </>
  );
}

const NO_OPTIONS: readonly Option[] = [];

function fieldOptions(fields: readonly FieldSummary[]): readonly Option[] {
  return fields.map(({ path, kind }) => ({
    value: path.join('.'),
    label: path.join('.'),
    icon: glyphIcon(kind),
    iconClassName: glyphClass(kind),
    detail: glyphWord(kind),
  }));
}
