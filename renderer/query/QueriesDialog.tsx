import { useRef, useState } from 'react';
import type { QueryRun, SavedQuery } from '../../shared/saved-query.ts';
import { call, toAppError } from '../api/call.ts';
import { useSavedQueries } from '../api/search-queries.ts';
import { Ago } from '../ui/Ago.tsx';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { countOf } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { SubTabs } from '../ui/SubTabs.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './QueriesDialog.module.css';
import { runText } from './run-query.ts';

export interface QueriesDialogProps {
  readonly collection: string;
  readonly name: string;
  readonly tab: string;
  readonly shown: 'saved' | 'history';
  readonly onClose: () => void;
}

/** All queries of a collection that have a name, and those that ran: to run, rename, copy and delete. */
export function QueriesDialog({ collection, name, tab, shown: first, onClose }: QueriesDialogProps) {
  const { saved, history } = useSavedQueries(collection);
  const tabs = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(first);
  const [failure, setFailure] = useState<string | null>(null);

  function attempt(work: Promise<unknown>): void {
    setFailure(null);
    work.catch((error: unknown) => setFailure(toAppError(error).message));
  }

  function run(query: SavedQuery | QueryRun): void {
    onClose();
    void runText(tab, query);
  }

  return (
    <Dialog
      open
      wide
      title="Queries"
      subject={name}
      initialFocus={() => tabs.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]') ?? null}
      onClose={onClose}
    >
      <div ref={tabs} className={styles.tabs}>
        {' '}
        <SubTabs
          label="Queries"
          value={shown}
          onChange={setShown}
          panelClassName={styles.panel}
          tabs={[
            {
              value: 'saved',
              label: 'Saved',
              count: saved.length,
              panel:
                saved.length === 0 ? (
                  <p className={styles.note}>
                    No query has a name yet. The star in the query bar saves the one that is shown.
                  </p>
                ) : (
                  <ul className={styles.list}>
                    {saved.map((query) => (
                      <SavedRow
                        key={query.id}
                        query={query}
                        onRun={() => run(query)}
                        onRename={(to) =>
                          attempt(call('saved-queries:save', { collection, query: { ...query, name: to } }))
                        }
                        onDelete={() => attempt(call('saved-queries:remove', { collection, id: query.id }))}
                      />
                    ))}
                  </ul>
                ),
            },
            {
              value: 'history',
              label: 'Ran',
              count: history.length,
              panel:
                history.length === 0 ? (
                  <p className={styles.note}>No query with conditions has run yet.</p>
                ) : (
                  <>
                    <ul className={styles.list}>
                      {history.map((query) => (
                        <li key={query.where} className={styles.row}>
                          <Text where={query.where} />
                          <span className={styles.detail}>
                            {query.found === null ? 'in part' : countOf(query.found, 'record')}
                          </span>
                          <span className={styles.detail}>
                            <Ago since={query.ranAt} />
                          </span>
                          <IconButton small icon="play" name={`Run ${query.where}`} onClick={() => run(query)} />
                          <CopyButton iconOnly text={query.where} name="Copy as text" />
                        </li>
                      ))}
                    </ul>
                    <Button compact onClick={() => attempt(call('saved-queries:clear-history', { collection }))}>
                      Forget what ran
                    </Button>
                  </>
                ),
            },
          ]}
        />
      </div>
      <p className={styles.failure} role="status">
        {failure}
      </p>
    </Dialog>
  );
}

interface SavedRowProps {
  readonly query: SavedQuery;
  readonly onRun: () => void;
  readonly onRename: (name: string) => void;
  readonly onDelete: () => void;
}

function SavedRow({ query, onRun, onRename, onDelete }: SavedRowProps) {
  const [name, setName] = useState<string | null>(null);
  function done(): void {
    const next = name?.trim() ?? '';
    setName(null);
    if (next !== '' && next !== query.name) onRename(next);
  }
  return (
    <li className={styles.row}>
      {name === null ? (
        <span className={styles.name}>{query.name}</span>
      ) : (
        <TextField
          label={`Name of ${query.name}`}
          compact
          autoFocus
          maxLength={200}
          className={styles.name}
          value={name}
          onChange={setName}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={done}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
            event.preventDefault();
            event.stopPropagation();
            if (event.key === 'Enter') done();
            else setName(null);
          }}
        />
      )}
      <Text where={query.where} />
      <IconButton small icon="play" name={`Run ${query.name}`} onClick={onRun} />
      <IconButton small icon="edit" name={`Rename ${query.name}`} onClick={() => setName(query.name)} />
      <CopyButton iconOnly text={query.where} name={`Copy ${query.name} as text`} />
      <IconButton small icon="trash" name={`Delete ${query.name}`} onClick={onDelete} />
    </li>
  );
}

function Text({ where }: { readonly where: string }) {
  return (
    <code className={styles.text} title={where}>
      {where}
    </code>
  );
}
