import type { ReactNode } from 'react';
import styles from './FormRow.module.css';

export interface FormRowProps {
  readonly label: string;
  /** Id of the control that the label names. Hint and error have the id `${htmlFor}-note`. */
  readonly htmlFor: string;
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
  readonly children: ReactNode;
}

/** One line of a form: label, control, and under it what to know or what is wrong. */
export function FormRow({ label, htmlFor, hint, error = null, children }: FormRowProps) {
  return (
    <div className={styles.row}>
      <label className={styles.label} htmlFor={htmlFor}>
        {label}
      </label>
      <div className={styles.control}>
        {children}
        {error === null && hint === undefined ? null : (
          <div id={`${htmlFor}-note`} className={error === null ? styles.hint : styles.error}>
            {error ?? hint}
          </div>
        )}
      </div>
    </div>
  );
}
