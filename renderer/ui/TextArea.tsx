import type { ComponentPropsWithRef } from 'react';
import { classes } from './classes.ts';
import fields from './Field.module.css';
import styles from './TextArea.module.css';

export interface TextAreaProps extends Omit<ComponentPropsWithRef<'textarea'>, 'value' | 'onChange' | 'disabled'> {
  readonly label?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly mono?: boolean;
  readonly wrong?: boolean;
}

/** Text of more than one line; as high as the text, up to a limit. */
export function TextArea({ label, value, onChange, mono = false, wrong = false, className, ...rest }: TextAreaProps) {
  return (
    <textarea
      spellCheck={false}
      autoComplete="off"
      {...rest}
      aria-label={label}
      aria-invalid={wrong || undefined}
      className={classes(styles.area, mono && fields.mono, wrong && fields.wrong, className)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
