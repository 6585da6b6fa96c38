import { LENGTH_OPERATORS, TIME_UNITS, VALUE_TYPES } from '../../shared/query.ts';
import { DateField } from '../ui/DateField.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { glyphClass, glyphIcon, glyphWord, type GlyphKind } from '../ui/TypeGlyph.tsx';
import styles from './Builder.module.css';
import { placeName } from './draft-place.ts';
import type { DraftCondition } from './draft.ts';
import { ListField } from './ListField.tsx';
import { LENGTH_WORDS } from './operator-words.ts';
import { isPattern, shapeOf, takesText } from './operators.ts';

export interface ValueEditorProps {
  readonly condition: DraftCondition;
  /** Id of what is said of a pattern. */
  readonly describedBy?: string | undefined;
  readonly onChange: (change: Partial<Pick<DraftCondition, 'values' | 'items'>>) => void;
}

/** The editor that fits the operator's values: none, one, two ends, a list, a length, a span of time, a type. */
export function ValueEditor({ condition, describedBy, onChange }: ValueEditorProps) {
  const [first = '', second = ''] = condition.values;
  switch (shapeOf(condition)) {
    case 'none':
      return null;
    case 'many':
      return (
        <ListField
          label="Values"
          field={condition.place === null ? '' : placeName(condition.place)}
          type={condition.valueKind}
          items={condition.items}
          onChange={(items) => onChange({ items, values: [] })}
        />
      );
    case 'two':
      return (
        <>
          <OneValue
            condition={condition}
            label="From"
            value={first}
            onChange={(value) => onChange({ values: [value, second] })}
          />
          <span className={styles.soft}>and</span>
          <OneValue
            condition={condition}
            label="To"
            value={second}
            onChange={(value) => onChange({ values: [first, value] })}
          />
        </>
      );
    case 'one':
      return (
        <OneValue
          condition={condition}
          describedBy={describedBy}
          label="Value"
          value={first}
          onChange={(value) => onChange({ values: [value] })}
        />
      );
    case 'length':
      return (
        <>
          <Select
            label="Comparison"
            quiet
            className={styles.type}
            options={LENGTH_OPERATORS.map((value) => ({ value, label: LENGTH_WORDS[value].words }))}
            value={LENGTH_OPERATORS.find((known) => known === first) ?? '>='}
            onChange={(value) => onChange({ values: [value, second] })}
          />
          <NumberField
            label="Length"
            className={styles.count}
            value={second}
            onChange={(value) => onChange({ values: [first, value] })}
          />
        </>
      );
    case 'span':
      return (
        <>
          <NumberField
            label="How many"
            className={styles.count}
            value={first}
            onChange={(value) => onChange({ values: [value, second] })}
          />
          <Select
            label="Unit of time"
            quiet
            className={styles.type}
            options={TIME_UNITS.map((value) => ({ value, label: value }))}
            value={TIME_UNITS.find((known) => known === second) ?? 'days'}
            onChange={(value) => onChange({ values: [first, value] })}
          />
        </>
      );
    case 'type':
      return (
        <Select
          label="Type"
          options={VALUE_TYPES.map((value) => ({
            value,
            label: glyphWord(value),
            icon: glyphIcon(value satisfies GlyphKind),
            iconClassName: glyphClass(value),
          }))}
          value={VALUE_TYPES.find((known) => known === first) ?? 'string'}
          onChange={(value) => onChange({ values: [value] })}
        />
      );
  }
}

interface OneValueProps {
  readonly describedBy?: string | undefined;
  readonly condition: DraftCondition;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function OneValue({ condition, describedBy, label, value, onChange }: OneValueProps) {
  const { operator, valueKind } = condition;
  switch (takesText(condition) ? 'string' : valueKind) {
    case 'number':
      return <NumberField label={label} allowNotFinite className={styles.number} value={value} onChange={onChange} />;
    case 'date':
      return <DateField label={label} className={styles.date} value={value} onChange={onChange} />;
    case 'boolean':
      return (
        <Segments
          label={label}
          segments={[
            { value: 'true', label: 'true' },
            { value: 'false', label: 'false' },
          ]}
          value={value === 'false' ? 'false' : 'true'}
          onChange={onChange}
        />
      );
    case 'json':
      return (
        <TextField
          label={`${label} as JSON`}
          mono
          placeholder='["a", 1, null]'
          className={styles.text}
          value={value}
          onChange={onChange}
        />
      );
    case 'string':
      return (
        <TextField
          label={label}
          mono={isPattern(operator)}
          aria-describedby={describedBy}
          className={styles.text}
          value={value}
          onChange={onChange}
        />
      );
  }
}
