import type { ReactNode } from 'react';
import styles from './Checkbox.module.css';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import { Tooltip } from './Tooltip.tsx';

export interface CheckboxProps {
  readonly label: ReactNode;
  /** The label is the accessible name alone; it is a text then. */
  readonly labelHidden?: boolean;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly disabledReason?: string | null | undefined;
  /** For a list whose checkboxes share one stop of the Tab key. */
  readonly tabIndex?: number | undefined;
  readonly className?: string | undefined;
}

export function Checkbox({
  label,
  labelHidden = false,
  checked,
  onChange,
  id,
  describedBy,
  disabledReason = null,
  tabIndex,
  className,
}: CheckboxProps) {
  const off = disabledReason !== null;
  const control = (
    <label className={classes(styles.row, off && styles.off, className)}>
      <span className={styles.place}>
        <input
          type="checkbox"
          aria-label={labelHidden && typeof label === 'string' ? label : undefined}
          id={id}
          tabIndex={tabIndex}
          className={styles.box}
          checked={checked}
          aria-describedby={describedBy}
          {...(off ? { 'aria-disabled': true, 'aria-description': disabledReason } : {})}
          onChange={(event) => {
            if (!off) onChange(event.currentTarget.checked);
          }}
        />
        {checked ? <Icon name="check" size={12} className={styles.mark} /> : null}
      </span>
      {labelHidden ? null : <span>{label}</span>}
    </label>
  );
  return off ? <Tooltip text={disabledReason}>{control}</Tooltip> : control;
}
