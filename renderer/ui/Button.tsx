import type { ComponentPropsWithRef, MouseEvent, ReactNode } from 'react';
import styles from './Button.module.css';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.ts';
import { Tooltip } from './Tooltip.tsx';

export interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'disabled'> {
  /** `primary` is the one filled button of a view. */
  readonly kind?: 'normal' | 'primary' | 'quiet' | 'danger' | 'link';
  readonly compact?: boolean;
  /** It writes to production: a ring in that colour, besides the word. */
  readonly production?: boolean;
  readonly icon?: IconName | undefined;
  readonly shortcut?: string | undefined;
  /** Why it cannot be pressed now; null or absent where it can. The button stays focusable and says it. */
  readonly disabledReason?: string | null | undefined;
  readonly children?: ReactNode;
}

export function Button({
  kind = 'normal',
  compact = false,
  production = false,
  icon,
  shortcut,
  disabledReason = null,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  const button = (
    <button
      type="button"
      {...rest}
      className={classes(
        kind === 'link' ? styles.link : styles.button,
        kind !== 'link' && styles[kind],
        compact && styles.compact,
        production && styles.production,
        className,
      )}
      {...(disabledReason === null ? {} : { 'aria-disabled': true, 'aria-description': disabledReason })}
      onClick={disabledReason === null ? onClick : preventPress}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
      {shortcut === undefined ? null : (
        <kbd className={styles.shortcut} aria-hidden="true">
          {shortcut}
        </kbd>
      )}
    </button>
  );
  return disabledReason === null ? button : <Tooltip text={disabledReason}>{button}</Tooltip>;
}

/** Also keeps a submit button that is off from sending its form. */
function preventPress(event: MouseEvent): void {
  event.preventDefault();
}
