import { useState } from 'react';
import type { Connection } from '../../shared/connection.ts';
import type { LocalServer } from '../../shared/local-server.ts';
import { toAppError } from '../api/call.ts';
import { useLocalServers } from '../api/server-queries.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { addLocalServer } from './add-local-server.ts';
import { foundTitle, foundWhere } from './server-words.ts';
import styles from './ConnectionSwitcher.module.css';

export interface FoundServersProps {
  readonly connections: readonly Connection[];
  readonly onAdded: (connection: Connection) => void;
}

/** Servers of this machine that no connection leads to yet; nothing where there are none. */
export function FoundServers({ connections, onAdded }: FoundServersProps) {
  const found = useLocalServers();
  const [failure, setFailure] = useState<string | null>(null);

  async function add(server: LocalServer): Promise<void> {
    setFailure(null);
    try {
      onAdded(await addLocalServer(server, connections));
    } catch (error) {
      setFailure(toAppError(error).message);
    }
  }

  if (found.length === 0) return null;
  return (
    <section aria-label="Found on this machine">
      <h3 className={styles.found}>Found on this machine</h3>
      {failure === null ? null : (
        <p role="alert" className={styles.none}>
          {failure}
        </p>
      )}
      <ul>
        {found.map((server) => (
          <li key={server.endpoint} className={styles.item}>
            <span className={styles.choose}>
              <Icon name="server" size={14} />
              <span className={styles.who}>
                <span className={styles.name}>{foundTitle(server)}</span>
                <span className={styles.where}>{foundWhere(server)}</span>
              </span>
            </span>
            <Button
              kind="link"
              className={styles.add}
              aria-label={`Add ${foundTitle(server)}`}
              onClick={() => void add(server)}
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
