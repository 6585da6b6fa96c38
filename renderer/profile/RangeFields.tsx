import { useState, type FormEvent } from 'react';
import { Button } from '../ui/Button.tsx';
import { DateField } from '../ui/DateField.tsx';
import { isDateText } from '../ui/date-text.ts';
import { isNumberText } from '../ui/number-text.ts';
import { NumberField } from '../ui/NumberField.tsx';
import type { Range } from './bin-words.ts';
import styles from './Profile.module.css';

export interface RangeFieldsProps {
  readonly type: 'number' | 'date';
  readonly name: string;
  /** What the query asks for, or all that there is. */
  readonly range: Range;
  readonly onRange: (range: Range) => void;
}

/** Both ends of a range, typed. */
export function RangeFields({ type, name, range, onRange }: RangeFieldsProps) {
  const [known, setKnown] = useState(range);
  const [low, setLow] = useState(range.low);
  const [high, setHigh] = useState(range.high);
  if (known.low !== range.low || known.high !== range.high) {
    setKnown(range);
    setLow(range.low);
    setHigh(range.high);
  }
  const Field = type === 'number' ? NumberField : DateField;
  const reads = type === 'number' ? isNumberText : isDateText;
  const reason = reads(low) && reads(high) ? null : type === 'number' ? 'Type two numbers' : 'Type two dates';

  function handleSubmit(event: FormEvent): void {
    event.preventDefault();
    if (reason === null) onRange({ low, high });
  }

  return (
    <form className={styles.range} aria-label={`Range of ${name}`} onSubmit={handleSubmit}>
      <Field compact wide label={`${name} from`} value={low} onChange={setLow} />
      <span>to</span>
      <Field compact wide label={`${name} to`} value={high} onChange={setHigh} />
      <Button compact type="submit" disabledReason={reason}>
        Set
      </Button>
    </form>
  );
}
