import { Select as Base } from '@base-ui/react/select';
import { useState } from 'react';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import type { Option } from './option.ts';
import popup from './popup.module.css';
import styles from './Select.module.css';

export interface SelectProps<Value extends string> {
  /** Accessible name, where no FormRow gives one. */
  readonly label?: string | undefined;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly quiet?: boolean;
  readonly compact?: boolean;
  readonly wide?: boolean;
  readonly className?: string | undefined;
}

/** One of a closed list. */
export function Select<Value extends string>({
  label,
  options,
  value,
  onChange,
  id,
  describedBy,
  quiet = false,
  compact = false,
  wide = false,
  className,
}: SelectProps<Value>) {
  // A list that loses the line it was chosen from while it is shown would take the choice back.
  const [held, setHeld] = useState<readonly Option<Value>[] | null>(null);
  const chosen = options.find((option) => option.value === value);
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
      modal={false}
      onOpenChange={(open) => {
        if (open) setHeld(options);
      }}
      onOpenChangeComplete={(open) => {
        if (!open) setHeld(null);
      }}
    >
      <Base.Trigger
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        className={classes(
          styles.trigger,
          quiet && styles.quiet,
          compact && styles.compact,
          wide && styles.wide,
          className,
        )}
      >
        {chosen?.icon === undefined ? null : <Icon name={chosen.icon} size={14} className={chosen.iconClassName} />}
        <Base.Value className={styles.value} />
        <Icon name="chevron-down" size={12} className={styles.arrow} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className={popup.positioner} sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className={popup.popup}>
            {(held ?? options).map((option) => (
              <Base.Item key={option.value} value={option.value} className={popup.item}>
                {option.icon === undefined ? null : (
                  <Icon name={option.icon} size={14} className={option.iconClassName} />
                )}
                <Base.ItemText className={popup.label}>{option.label}</Base.ItemText>
                {option.detail === undefined ? null : <span className={popup.detail}>{option.detail}</span>}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
