import styles from './GridPlaceholder.module.css';

/** Px of the grey bars, as uneven as values are. */
const WIDTHS = [64, 148, 72, 40, 88, 60, 104, 52];
const ROWS = 24;

/** The places of rows that are on their way, before anything is known of them; grey only after 100 ms. */
export function GridPlaceholder({ label, busy }: { readonly label: string; readonly busy: boolean }) {
  return (
    <div className={styles.place} role="region" aria-label={`Records of ${label}`} aria-busy={busy}>
      <div className={styles.header} />
      {busy
        ? Array.from({ length: ROWS }, (_, row) => (
            <div key={row} className={styles.row} aria-hidden="true">
              {WIDTHS.map((width, column) => (
                <span key={column} className={styles.cell}>
                  <i className={styles.bar} style={{ width: width - ((row * 7 + column * 13) % 24) }} />
                </span>
              ))}
            </div>
          ))
        : null}
    </div>
  );
}
