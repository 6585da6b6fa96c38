import type { ComponentPropsWithRef, MouseEvent } from 'react';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import styles from './IconButton.module.css';
import type { IconName } from './icon-shapes.ts';
import { Tooltip } from './Tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'disabled' | 'name' | 'children'> {
  readonly icon: IconName;
  /** What it does: tooltip and accessible name. */
  readonly name: string;
  readonly shortcut?: string | undefined;
  /** For a button that is on or off. */
  readonly pressed?: boolean | undefined;
  readonly small?: boolean;
  readonly disabledReason?: string | null | undefined;
}

export function IconButton({
  icon,
  name,
  shortcut,
  pressed,
  small = false,
  disabledReason = null,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={disabledReason === null ? name : `${name}: ${disabledReason}`} shortcut={shortcut}>
      <button
        type="button"
        {...rest}
        aria-label={name}
        aria-pressed={pressed}
        {...(disabledReason === null ? {} : { 'aria-disabled': true, 'aria-description': disabledReason })}
        className={classes(styles.button, small && styles.small, className)}
        onClick={disabledReason === null ? onClick : preventPress}
      >
        <Icon name={icon} size={small ? 14 : 16} />
      </button>
    </Tooltip>
  );
}

function preventPress(event: MouseEvent): void {
  event.preventDefault();
}
