import { DateField } from '../ui/DateField.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments } from '../ui/Segments.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './Builder.module.css';
import type { DraftCondition } from './draft.ts';
import { isPattern, shapeOf } from './operators.ts';
import { ListField } from './ListField.tsx';

export interface ValueEditorProps {
  readonly condition: DraftCondition;
  /** Id of what is said of a pattern. */
  readonly describedBy?: string | undefined;
  readonly onChange: (change: Pick<DraftCondition, 'values'> | Pick<DraftCondition, 'items'>) => void;
}

/** The editor that fits the operator's values: none, one, two ends, or a list. */
export function ValueEditor({ condition, describedBy, onChange }: ValueEditorProps) {
  const [first = '', second = ''] = condition.values;
  switch (shapeOf(condition.operator)) {
    case 'none':
      return null;
    case 'many':
      return (
        <ListField
          label="Values"
          field={condition.field ?? ''}
          type={condition.valueKind}
          items={condition.items}
          onChange={(items) => onChange({ items })}
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
  if (operator === 'starts_with') {
    return <TextField label={label} className={styles.text} value={value} onChange={onChange} />;
  }
  switch (valueKind) {
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
