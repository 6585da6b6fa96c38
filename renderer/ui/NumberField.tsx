import type { KeyboardEvent } from 'react';
import { classes } from './classes.ts';
import styles from './Field.module.css';
import { isNumberText, stepNumberText } from './number-text.ts';
import { TextField, type TextFieldProps } from './TextField.tsx';

export interface NumberFieldProps extends TextFieldProps {
  /** Accept NaN and the infinities, as Python's JSON does. */
  readonly allowNotFinite?: boolean;
  /** Numbers stand at the end of their field, but where they are read at its start. */
  readonly align?: 'start' | 'end';
}

/** A number as text: it keeps the digits that were typed. Arrow up and down step an integer. Empty is not wrong. */
export function NumberField({
  allowNotFinite = false,
  align = 'end',
  wrong = false,
  inputClassName,
  ...rest
}: NumberFieldProps) {
  function handleKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    rest.onKeyDown?.(event);
    if (event.defaultPrevented || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const stepped = stepNumberText(rest.value, event.key === 'ArrowUp' ? 1 : -1);
    if (stepped === null) return;
    event.preventDefault();
    rest.onChange(stepped);
  }
  return (
    <TextField
      {...rest}
      inputMode="decimal"
      inputClassName={classes(align === 'end' && styles.number, inputClassName)}
      wrong={wrong || (rest.value !== '' && !isNumberText(rest.value, allowNotFinite))}
      onKeyDown={handleKeyDown}
    />
  );
}
