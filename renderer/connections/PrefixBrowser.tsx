import { toAppError } from '../api/call.ts';
import { usePrefixes } from '../api/queries.ts';
import { failureTitle } from '../ui/failure-texts.ts';
import { Icon } from '../ui/Icon.tsx';
import styles from './dialogs.module.css';

export interface PrefixBrowserProps {
  readonly connection: string;
  readonly place: string;
  readonly bucket: string;
  /** Ends with `/` or is empty. */
  readonly folder: string;
  readonly onChoose: (prefix: string) => void;
}

/** The "folders" below a prefix, to walk down and up. */
export function PrefixBrowser({ connection, place, bucket, folder, onChoose }: PrefixBrowserProps) {
  const prefixes = usePrefixes(connection, bucket, folder);
  return (
    <ul className={styles.prefixes} aria-label={`Prefixes below ${folder === '' ? bucket : folder}`}>
      {folder === '' ? null : (
        <li>
          <button
            type="button"
            className={styles.prefix}
            onClick={() => onChoose(folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1))}
          >
            <Icon name="arrow-up" size={14} />
            <span>Up to {folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1) || bucket}</span>
          </button>
        </li>
      )}
      {prefixes.data?.map((prefix) => (
        <li key={prefix}>
          <button type="button" className={styles.prefix} title={prefix} onClick={() => onChoose(prefix)}>
            <Icon name="folder" size={14} />
            <span>{prefix.slice(folder.length)}</span>
          </button>
        </li>
      ))}
      {prefixes.error === null ? (
        prefixes.data === undefined ? (
          <li className={styles.note}>Listing …</li>
        ) : prefixes.data.length === 0 ? (
          <li className={styles.note}>No prefixes below this one.</li>
        ) : null
      ) : (
        <li className={styles.note} role="alert">
          {failureTitle(toAppError(prefixes.error).code, place)}. {toAppError(prefixes.error).message}
        </li>
      )}
    </ul>
  );
}
