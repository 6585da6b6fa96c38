import { showNumber } from '../ui/number-text.ts';
import type { ShownValue } from './field-rows.ts';
import styles from './FieldRow.module.css';

/** Longest text that is laid out on one line; the editor and the tooltip have the rest. */
const SHOWN = 400;
const IN_TOOLTIP = 4000;

/** A value in one line: text as text, digits grouped, null and empty told apart from each other and from missing. */
export function ValueText({ value, name }: { readonly value: ShownValue; readonly name: string }) {
  switch (value.kind) {
    case 'null':
      return <span className={styles.null}>null</span>;
    case 'object':
      return <span className={styles.nested}>{`{${value.size}}`}</span>;
    case 'list':
      return <span className={styles.nested}>{`[${value.size}]`}</span>;
    case 'number':
      return <span className={styles.number}>{showNumber(value.text, name)}</span>;
    case 'boolean':
      return <span className={styles.text}>{value.text}</span>;
    case 'string':
    case 'date':
      return value.text === '' ? (
        <span className={styles.empty}>&quot;&quot;</span>
      ) : (
        <span className={styles.text} title={value.text.slice(0, IN_TOOLTIP)}>
          {value.text.slice(0, SHOWN)}
        </span>
      );
  }
}
