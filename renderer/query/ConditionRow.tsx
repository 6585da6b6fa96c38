import { useId, useMemo } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import type { SampledField } from '../api/field-sample.ts';
import { Combobox } from '../ui/Combobox.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Select } from '../ui/Select.tsx';
import { glyphClass, glyphIcon, glyphWord } from '../ui/TypeGlyph.tsx';
import type { Option } from '../ui/option.ts';
import styles from './Builder.module.css';
import type { DraftCondition, ValueType } from './draft.ts';
import {
  isPattern,
  kindOfField,
  operatorsFor,
  operatorWords,
  shapeOf,
  withField,
  withOperator,
  withValueType,
} from './operators.ts';
import { PatternHelp } from './PatternHelp.tsx';
import { missingIn } from './query-text.ts';
import { ValueEditor } from './ValueEditor.tsx';

export interface ConditionRowProps {
  readonly collection: string;
  readonly condition: DraftCondition;
  readonly fields: readonly FieldSummary[];
  readonly onChange: (condition: DraftCondition) => void;
  readonly onRemove: () => void;
}

const VALUE_TYPES: readonly ValueType[] = ['string', 'number', 'date', 'boolean'];

/** One condition: field, operator, value, in the words of a sentence. */
export function ConditionRow({ collection, condition, fields, onChange, onRemove }: ConditionRowProps) {
  const helpId = useId();
  const options = useMemo(() => fieldOptions(fields), [fields]);
  const summary = fields.find(({ field }) => field === condition.field);
  const kind = condition.field === null ? null : kindOfField(condition.field, fields);
  const nested = kind === 'list' || kind === 'object';
  const operators = operatorsFor(nested ? 'nested' : condition.valueKind);
  const missing = missingIn(condition);
  const hint = operators.find(({ operator }) => operator === condition.operator)?.hint ?? null;
  const types = otherTypes(summary, condition);
  const sampled = isPattern(condition.operator) ? sampledField(condition.field, summary) : null;
  const row = (
    <div
      className={styles.row}
      data-condition={condition.id}
      role="group"
      aria-label={`${condition.field ?? 'new'} condition`}
    >
      <Combobox
        label="Field"
        className={styles.field}
        options={options}
        value={condition.field ?? ''}
        placeholder="field"
        allowOther
        emptyText="No such field was found; a name with its path, such as address.city, can be typed"
        onChange={(value) => {
          const field = value === '' ? null : value;
          onChange(withField(condition, field, field === null ? null : kindOfField(field, fields)));
        }}
      />
      <Select
        label="Operator"
        quiet
        className={styles.operator}
        options={operators.map(({ operator, words }) => ({ value: operator, label: words }))}
        value={operatorWords(condition).operator}
        onChange={(operator) => onChange(withOperator(condition, operator))}
      />
      <div className={styles.editor} data-editor>
        {shapeOf(condition.operator) === 'none' || isPattern(condition.operator) || types.length < 2 ? null : (
          <Select
            label="Type of the value"
            quiet
            className={styles.type}
            options={types.map((type) => ({
              value: type,
              label: glyphWord(type),
              icon: glyphIcon(type),
              iconClassName: glyphClass(type),
            }))}
            value={condition.valueKind}
            onChange={(type) => onChange(withValueType(condition, type))}
          />
        )}
        <ValueEditor
          condition={condition}
          describedBy={sampled === null ? undefined : helpId}
          onChange={(change) => onChange({ ...condition, ...change })}
        />
        {missing === null ? (
          hint === null ? null : (
            <span className={styles.hint}>{hint}</span>
          )
        ) : (
          <span className={styles.missing}>{missing}</span>
        )}
      </div>
      <IconButton small icon="close" name="Remove the condition" onClick={onRemove} />
    </div>
  );
  if (sampled === null) return row;
  return (
    <>
      {row}
      <PatternHelp
        id={helpId}
        collection={collection}
        condition={condition}
        field={sampled}
        onPattern={(pattern) => onChange({ ...condition, values: [pattern] })}
      />
    </>
  );
}

/** Where the values of a field are; null for one that nobody has seen. */
function sampledField(field: string | null, summary: FieldSummary | undefined): SampledField | null {
  if (field === 'id') return { field, path: [field] };
  return field === null || summary === undefined ? null : { field, path: summary.path };
}

/** The id and the fields found, each with the kind most of its values have and how many records lack it. */
function fieldOptions(fields: readonly FieldSummary[]): readonly Option[] {
  const found = fields.flatMap(({ field, kind, missing, kinds }): readonly Option[] => {
    if (field === null) return [];
    const records = Object.values(kinds).reduce((sum, count) => sum + count, 0) + missing;
    const share = records === 0 ? 0 : Math.round((missing / records) * 100);
    return [
      {
        value: field,
        label: field,
        icon: glyphIcon(kind),
        iconClassName: glyphClass(kind),
        detail: share === 0 ? glyphWord(kind) : `${glyphWord(kind)}, missing in ${share} %`,
      },
    ];
  });
  return [{ value: 'id', label: 'id', icon: glyphIcon('id'), iconClassName: glyphClass('id'), detail: 'id' }, ...found];
}

/** Types that values of the field were found to have, and the one chosen; a field nobody has seen may have any. */
function otherTypes(summary: FieldSummary | undefined, condition: DraftCondition): readonly ValueType[] {
  if (condition.field === null || condition.field === 'id') return [];
  if (summary === undefined) return VALUE_TYPES;
  return VALUE_TYPES.filter((type) => type === condition.valueKind || (summary.kinds[type] ?? 0) > 0);
}
