import { useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { isDateText } from '../ui/date-text.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { classes } from '../ui/classes.ts';
import { isNumberText, showNumber } from '../ui/number-text.ts';
import type { ValueType } from './draft.ts';
import styles from './TokensField.module.css';

export interface TokensFieldProps {
  readonly label: string;
  /** Whose values they are; empty where none is chosen. */
  readonly field: string;
  readonly type: ValueType;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

/** A list of values: Enter, Tab or a comma adds what is typed, a pasted list adds each of its lines or cells. */
export function TokensField({ label, field, type, values, onChange }: TokensFieldProps) {
  const [typed, setTyped] = useState('');

  function add(texts: readonly string[]): void {
    const added = texts.map((text) => text.trim()).filter((text) => text !== '' && !values.includes(text));
    setTyped('');
    if (added.length > 0) onChange([...values, ...new Set(added)]);
  }

  function handleKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    const mod = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && typed.trim() !== '') {
      add([typed]);
      // Mod+Enter adds and goes on to run the query; Enter alone adds.
      if (!mod) event.preventDefault();
    } else if (event.key === ',' && type !== 'string') {
      event.preventDefault();
      add([typed]);
    } else if (event.key === 'Backspace' && typed === '' && values.length > 0) {
      event.preventDefault();
      onChange(values.slice(0, -1));
    }
  }

  function handlePaste(event: ClipboardEvent): void {
    const texts = event.clipboardData.getData('text/plain').split(/[\r\n\t]+/);
    if (texts.length < 2) return;
    event.preventDefault();
    add(texts);
  }

  return (
    <div className={styles.field} role="group" aria-label={label}>
      {values.map((value, place) => (
        <span key={value} className={classes(styles.token, !fits(type, value) && styles.wrong)}>
          {type === 'number' ? showNumber(value, field) : value}
          <IconButton
            small
            icon="close"
            name={`Remove ${value}`}
            className={styles.remove}
            onClick={() => onChange(values.filter((_, other) => other !== place))}
          />
        </span>
      ))}
      <input
        aria-label={`Add to ${label.toLowerCase()}`}
        className={styles.input}
        placeholder="add or paste a list"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={handleKeyDown}
        onPaste={handlePaste}
        onBlur={() => add([typed])}
      />
    </div>
  );
}

function fits(type: ValueType, value: string): boolean {
  if (type === 'number') return isNumberText(value, true);
  return type === 'date' ? isDateText(value) : true;
}
