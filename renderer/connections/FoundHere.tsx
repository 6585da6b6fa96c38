import { useState } from 'react';
import type { Connection } from '../../shared/connection.ts';
import { toAppError } from '../api/call.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Notice } from '../ui/Notice.tsx';
import styles from './FoundHere.module.css';
import type { FoundHere as Found } from './use-found-here.ts';

export interface FoundHereProps {
  readonly found: readonly Found[];
  readonly onAdded: (connection: Connection, found: Found) => void;
}

/** What connections can be made of without typing; nothing where there is none. */
export function FoundHere({ found, onAdded }: FoundHereProps) {
  const [failure, setFailure] = useState<string | null>(null);

  async function add(each: Found): Promise<void> {
    setFailure(null);
    try {
      onAdded(await each.add(), each);
    } catch (error) {
      setFailure(toAppError(error).message);
    }
  }

  if (found.length === 0) return null;
  return (
    <section aria-label="Found on this machine">
      <h3 className={styles.head}>Found on this machine</h3>
      {failure === null ? null : <Notice kind="error">{failure}</Notice>}
      <ul className={styles.items}>
        {found.map((each) => (
          <li key={each.id} className={styles.item}>
            <Icon name={each.icon} size={14} />
            <span className={styles.who}>
              <span className={styles.title}>{each.title}</span>
              <span className={styles.about} title={each.about}>
                {each.about}
              </span>
            </span>
            <Button
              kind="link"
              aria-label={`Add ${each.title}`}
              disabledReason={each.problem}
              onClick={() => void add(each)}
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
