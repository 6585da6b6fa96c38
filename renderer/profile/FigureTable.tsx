import { formatCount } from '../ui/format.ts';
import type { Counted } from '../../shared/profile.ts';
import styles from './Profile.module.css';
import unseen from '../ui/Unseen.module.css';

export interface FigureRow extends Counted {
  readonly words: string;
  /** Asks for these records alone; null where no condition says it. */
  readonly ask: (() => void) | null;
}

export interface FigureTableProps {
  readonly caption: string;
  readonly heading: string;
  readonly rows: readonly FigureRow[];
}

/** The figures behind a chart. */
export function FigureTable({ caption, heading, rows }: FigureTableProps) {
  return (
    <table className={styles.figures}>
      <caption className={unseen.unseen}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{heading}</th>
          <th scope="col">Found</th>
          <th scope="col">In all</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ words, found, all, ask }) => (
          <tr key={words}>
            <th scope="row">
              {ask === null ? (
                words
              ) : (
                <button type="button" className={styles.ask} onClick={ask}>
                  {words}
                </button>
              )}
            </th>
            <td>{formatCount(found)}</td>
            <td>{formatCount(all)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
