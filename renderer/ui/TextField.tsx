import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './Field.module.css';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.ts';
import { Tooltip } from './Tooltip.tsx';

export interface TextFieldProps extends Omit<
  ComponentPropsWithRef<'input'>,
  'value' | 'onChange' | 'disabled' | 'size' | 'width'
> {
  /** Accessible name, where no FormRow gives one. */
  readonly label?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon?: IconName | undefined;
  readonly mono?: boolean;
  readonly compact?: boolean;
  /** As wide as its place. */
  readonly wide?: boolean;
  readonly wrong?: boolean;
  readonly disabledReason?: string | null | undefined;
  /** After the text, inside the field. */
  readonly end?: ReactNode;
  readonly inputClassName?: string | undefined;
}

export function TextField({
  label,
  value,
  onChange,
  icon,
  mono = false,
  compact = false,
  wide = false,
  wrong = false,
  disabledReason = null,
  end,
  className,
  inputClassName,
  ...rest
}: TextFieldProps) {
  const field = (
    <span
      className={classes(
        styles.field,
        wide && styles.wide,
        compact && styles.compact,
        wrong && styles.wrong,
        disabledReason !== null && styles.off,
        className,
      )}
    >
      {icon === undefined ? null : <Icon name={icon} size={14} />}
      <input
        type="text"
        spellCheck={false}
        autoComplete="off"
        {...rest}
        aria-label={label}
        aria-invalid={wrong || undefined}
        {...(disabledReason === null
          ? {}
          : { readOnly: true, 'aria-disabled': true, 'aria-description': disabledReason })}
        className={classes(styles.input, mono && styles.mono, inputClassName)}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {end}
    </span>
  );
  return disabledReason === null ? field : <Tooltip text={disabledReason}>{field}</Tooltip>;
}
