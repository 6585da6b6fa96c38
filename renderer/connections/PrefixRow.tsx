import { toAppError } from '../api/call.ts';
import { useObjectCount } from '../api/collection-queries.ts';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import styles from './PrefixBrowser.module.css';

export interface PrefixRowProps {
  readonly connection: string;
  readonly bucket: string;
  readonly folder: string;
  /** Below the folder, or the one that the folder is in. */
  readonly prefix: string;
  readonly isTabStop: boolean;
  /** Rows that only pass by ask for no count. */
  readonly mayCount: boolean;
  readonly onChoose: (prefix: string) => void;
}

export function PrefixRow({ connection, bucket, folder, prefix, isTabStop, mayCount, onChoose }: PrefixRowProps) {
  const isUp = !prefix.startsWith(folder);
  const { data, error } = useObjectCount(connection, bucket, prefix, mayCount && !isUp);
  const count = data === undefined ? null : `${formatCount(data.count)}${data.more ? '+' : ''}`;
  return (
    <button
      type="button"
      className={styles.prefix}
      tabIndex={isTabStop ? 0 : -1}
      title={error === null ? prefix : `${prefix}\nIts objects could not be counted: ${toAppError(error).message}`}
      aria-description={count === null ? undefined : `${count} ${count === '1' ? 'object' : 'objects'}`}
      onClick={() => onChoose(prefix)}
    >
      <Icon name={isUp ? 'arrow-up' : 'folder'} size={14} />
      <span className={styles.name}>
        {isUp ? `Up to ${prefix === '' ? bucket : prefix}` : prefix.slice(folder.length)}
      </span>
      <span className={styles.count} aria-hidden="true">
        {count}
      </span>
    </button>
  );
}
