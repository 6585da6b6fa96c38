import { Button } from '../ui/Button.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import styles from './PrefixBrowser.module.css';
import type { ListedPrefixes } from './use-listed-prefixes.ts';

export interface PrefixNotesProps {
  readonly listed: ListedPrefixes;
  /** Name of the connection, for a failure's title. */
  readonly place: string;
  /** What all of them begin with behind the folder. */
  readonly beginning: string;
}

/** What is to be said below a list of prefixes: that it is being made, is empty, goes on or was cut. */
export function PrefixNotes({ listed, place, beginning }: PrefixNotesProps) {
  const { prefixes, isListing, more, goOn, error } = listed;
  if (error !== null) {
    return (
      <p className={styles.note} role="alert">
        {prefixes.length === 0 ? null : 'The list is cut here. '}
        {failureTitle(error.code, place)}. {error.message}{' '}
        {goOn === null ? null : (
          <Button kind="link" onClick={goOn}>
            Try again
          </Button>
        )}
      </p>
    );
  }
  if (isListing) return <p className={styles.note}>Listing …</p>;
  if (!more) {
    if (prefixes.length > 0) return null;
    return (
      <p className={styles.note}>
        {beginning === '' ? 'No prefixes below this one.' : `No prefix here begins with ${beginning}`}
      </p>
    );
  }
  const listedSoFar = `${countOf(prefixes.length, 'prefix', 'prefixes')} listed`;
  return (
    <p className={styles.note}>
      {goOn === null ? (
        `${listedSoFar}. The server has more, but does not say how to go on: the list is cut here.`
      ) : (
        <>
          {listedSoFar}, more may follow.{' '}
          <Button kind="link" onClick={goOn}>
            List more
          </Button>
        </>
      )}
    </p>
  );
}
