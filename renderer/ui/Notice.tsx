import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.ts';
import styles from './Notice.module.css';

export type NoticeKind = 'info' | 'ok' | 'warn' | 'error';

const ICONS: Readonly<Record<NoticeKind, IconName>> = { info: 'info', ok: 'check', warn: 'warn', error: 'error' };

export interface NoticeProps {
  readonly kind: NoticeKind;
  readonly title?: string | undefined;
  readonly children?: ReactNode;
  /** Buttons under the words. */
  readonly actions?: ReactNode;
  readonly className?: string | undefined;
}

/** A message in its place: an icon, words, and what can be done. Errors are announced at once, the rest when idle. */
export function Notice({ kind, title, children, actions, className }: NoticeProps) {
  return (
    <div role={kind === 'error' ? 'alert' : 'status'} className={classes(styles.notice, styles[kind], className)}>
      <Icon name={ICONS[kind]} className={styles.icon} />
      <div className={styles.words}>
        {title === undefined ? null : <div className={styles.title}>{title}</div>}
        {children === undefined ? null : <div>{children}</div>}
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
