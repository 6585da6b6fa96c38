import type { Ref } from 'react';
import { classes } from './classes.ts';
import styles from './TextBlock.module.css';

export interface TextBlockProps {
  readonly label: string;
  readonly className?: string | undefined;
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLPreElement>;
  readonly children: string;
}

/** Lines of a program or a report, as they will be copied. The keyboard reaches it, to scroll it. */
export function TextBlock({ label, className, busy = false, ref, children }: TextBlockProps) {
  return (
    <pre ref={ref} className={classes(styles.block, className)} tabIndex={0} aria-label={label} aria-busy={busy}>
      {children}
    </pre>
  );
}
