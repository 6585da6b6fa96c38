import { useState, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Popover } from '../ui/Popover.tsx';
import styles from './SyntaxSheet.module.css';

export interface SyntaxSheetProps {
  readonly label: string;
  /** What is written, and what it means. */
  readonly signs: readonly (readonly [string, string])[];
  /** For examples of a query, not for single signs. */
  readonly wide?: boolean;
  /** What is to be known before. */
  readonly children?: ReactNode;
}

/** A button that shows how something is written. */
export function SyntaxSheet({ label, signs, wide = false, children }: SyntaxSheetProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={label}
      align="end"
      open={open}
      onOpenChange={setOpen}
      className={classes(styles.sheet, wide ? styles.wide : undefined)}
      trigger={
        <Button compact kind="quiet" icon="info">
          Syntax
        </Button>
      }
    >
      {children === undefined ? null : <p className={styles.lead}>{children}</p>}
      <dl className={styles.signs}>
        {signs.map(([written, meaning]) => (
          <div key={written}>
            <dt>{written}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Popover>
  );
}
