import { type KeyboardEvent, useRef } from 'react';
import { isDateText, stepDateText } from './date-text.ts';
import styles from './Field.module.css';
import { IconButton } from './IconButton.tsx';
import { TextField, type TextFieldProps } from './TextField.tsx';

/** An ISO date, or date and time, as text with a calendar beside it. Arrow up and down move by a day. Empty is not wrong. */
export function DateField({ wrong = false, placeholder = 'YYYY-MM-DD', ...rest }: TextFieldProps) {
  const picker = useRef<HTMLInputElement>(null);
  function handleKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    rest.onKeyDown?.(event);
    if (event.defaultPrevented || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const stepped = stepDateText(rest.value, event.key === 'ArrowUp' ? 1 : -1);
    if (stepped === null) return;
    event.preventDefault();
    rest.onChange(stepped);
  }
  return (
    <TextField
      {...rest}
      placeholder={placeholder}
      wrong={wrong || (rest.value !== '' && !isDateText(rest.value))}
      onKeyDown={handleKeyDown}
      end={
        <>
          <IconButton
            small
            icon="date"
            name="Choose a day"
            disabledReason={rest.disabledReason}
            // Keeps the focus in the field: an editor that closes on blur stays open.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => picker.current?.showPicker()}
          />
          <input
            ref={picker}
            type="date"
            tabIndex={-1}
            aria-hidden="true"
            className={styles.picker}
            value={isDateText(rest.value) ? rest.value.slice(0, 10) : ''}
            onChange={(event) => {
              if (event.currentTarget.value === '') return;
              const time = isDateText(rest.value) ? rest.value.slice(10) : '';
              rest.onChange(event.currentTarget.value + time);
            }}
          />
        </>
      }
    />
  );
}
