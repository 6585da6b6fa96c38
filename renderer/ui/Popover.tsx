import { Popover as Base } from '@base-ui/react/popover';
import type { KeyboardEvent, ReactElement, ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './Popover.module.css';

export interface PopoverProps {
  readonly label: string;
  readonly trigger: ReactElement;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly align?: 'start' | 'center' | 'end';
  readonly className?: string | undefined;
  /** Of keys pressed anywhere in it. */
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

/** A floating region with controls of its own, beside its trigger. */
export function Popover(props: PopoverProps) {
  const { label, trigger, open, onOpenChange, align = 'start', className, onKeyDown, children } = props;
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} sideOffset={4} align={align} collisionPadding={8}>
          <Base.Popup aria-label={label} className={classes(styles.popup, className)} onKeyDown={onKeyDown}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
