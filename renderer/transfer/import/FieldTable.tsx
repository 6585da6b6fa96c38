import type { ImportType } from '../../../shared/import.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { classes } from '../../ui/classes.ts';
import type { Option } from '../../ui/option.ts';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import type { EditedField, FieldEdit } from './import-edits.ts';
import styles from './ImportDialog.module.css';

const TYPES: readonly Option<ImportType>[] = [
  { value: 'auto', label: 'as written' },
  { value: 'string', label: 'text' },
  { value: 'integer', label: 'whole number' },
  { value: 'number', label: 'number' },
  { value: 'boolean', label: 'true or false' },
  { value: 'json', label: 'JSON' },
];

export interface FieldTableProps {
  readonly fields: readonly EditedField[];
  readonly onEdit: (source: string, change: FieldEdit) => void;
  readonly onTag: (source: string, isTag: boolean) => void;
}

/** What becomes of each column, or member of the objects. */
export function FieldTable({ fields, onEdit, onTag }: FieldTableProps) {
  return (
    <table className={styles.fields} aria-label="Fields">
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Field</th>
          <th scope="col">Type</th>
          <th scope="col">Tag</th>
          <th scope="col">First values</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <FieldLine key={field.source} field={field} onEdit={onEdit} onTag={onTag} />
        ))}
      </tbody>
    </table>
  );
}

interface FieldLineProps extends Pick<FieldTableProps, 'onEdit' | 'onTag'> {
  readonly field: EditedField;
}

function FieldLine({ field, onEdit, onTag }: FieldLineProps) {
  const { source, included, path, type, isTag, missing, examples } = field;
  const left = included ? null : `${source} is left out`;
  // A tag is named after the record's own field.
  const nested = path !== source && path.includes('.') ? 'A tag is made of a field of the record itself' : null;
  return (
    <tr className={included ? undefined : styles.leftOut}>
      <th scope="row">
        <Checkbox
          label={<span className={styles.mono}>{source}</span>}
          checked={included}
          onChange={(next) => onEdit(source, { included: next })}
        />
      </th>
      <td>
        <TextField
          label={`Field of ${source}`}
          compact
          wide
          value={path}
          disabledReason={left}
          wrong={included && path.trim() === ''}
          onChange={(next) => onEdit(source, { path: next })}
        />
      </td>
      <td>
        <Select
          label={`Type of ${source}`}
          compact
          wide
          options={TYPES}
          value={type}
          onChange={(next) => onEdit(source, { type: next })}
        />
      </td>
      <td>
        <Checkbox
          label={`${source} is also a tag`}
          labelHidden
          checked={isTag}
          disabledReason={left ?? nested}
          onChange={(next) => onTag(source, next)}
        />
      </td>
      <td className={classes(styles.mono, styles.values)} title={examples.join('\n')}>
        {examples.slice(0, 3).join(', ')}
        {missing === 0 ? null : <span className={styles.soft}>{` · missing in ${missing}`}</span>}
      </td>
    </tr>
  );
}
