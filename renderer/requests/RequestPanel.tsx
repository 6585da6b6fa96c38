import {
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
} from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import { matchesRequest, type RequestFilter } from '../../shared/request-log.ts';
import { call, toAppError } from '../api/call.ts';
import type { Command } from '../commands/command.ts';
import type { CommandContext } from '../commands/context.ts';
import { useCommands } from '../commands/registry.ts';
import { currentWorkspace, useWorkspace } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { LedgerButton } from './LedgerButton.tsx';
import { RequestDetails } from './RequestDetails.tsx';
import { REQUEST_SOURCE, RequestFeed } from './request-feed.ts';
import { lastTry, type RequestGroup } from './request-groups.ts';
import styles from './RequestPanel.module.css';
import { RequestTable } from './RequestTable.tsx';

const ANY = '';

/** Every request that was sent to S3, newest at the end. */
export function RequestPanel({ collections }: { readonly collections: readonly CollectionListing[] }) {
  const [feed] = useState(() => new RequestFeed(REQUEST_SOURCE));
  const { groups, loaded, paused, newer, failure } = useSyncExternalStore(feed.subscribe, feed.state);
  const filter = useWorkspace((workspace) => workspace.requestsFilter);
  const { filterRequests, openPanel } = currentWorkspace();
  /** The end of the list is kept in sight. */
  const [atEnd, setAtEnd] = useState(true);
  const [selected, setSelected] = useState<RequestGroup | null>(null);
  const panel = useRef<HTMLDivElement>(null);
  const cameFrom = useRef<Element | null>(null);
  const search = useRef<HTMLInputElement>(null);

  useEffect(() => {
    cameFrom.current = document.activeElement;
    search.current?.focus();
  }, []);
  useCommands(useFilterCommand(panel, search));

  // Typing goes before sifting thousands of requests.
  const sifting = useDeferredValue(filter);
  const shown = useMemo(() => groups.filter(({ tries }) => matchesRequest(tries, sifting)), [groups, sifting]);
  const connections = useMemo(
    () => [...new Set(groups.map((group) => lastTry(group).connection))].toSorted(),
    [groups],
  );
  // As it is now where the log still has it, else as it was when it was chosen.
  const detailed = selected === null ? null : (groups.find(({ request }) => request === selected.request) ?? selected);
  const following = atEnd && !paused;

  const change = (part: RequestFilter) => {
    const { text, failed, triedAgain, connection } = { ...filter, ...part };
    filterRequests({
      ...(text === undefined || text === '' ? {} : { text }),
      ...(failed === true ? { failed } : {}),
      ...(triedAgain === true ? { triedAgain } : {}),
      ...(connection === undefined || connection === ANY ? {} : { connection }),
    });
  };

  function close(): void {
    openPanel(null);
    if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
  }

  function follow(): void {
    setAtEnd(true);
    feed.resume();
  }

  function clear(): void {
    setSelected(null);
    call('requests:clear', {}).catch((error: unknown) =>
      currentWorkspace().say(`The request log was not emptied. ${toAppError(error).message}`),
    );
  }

  function handleKeyDown(event: KeyboardEvent): void {
    // Of a list that floats over the panel, Escape closes the list.
    const inside = event.target instanceof Node && panel.current?.contains(event.target) === true;
    if (event.key !== 'Escape' || event.defaultPrevented || !inside) return;
    event.preventDefault();
    if (detailed === null) close();
    else setSelected(null);
  }

  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div ref={panel} className={styles.panel} onKeyDown={handleKeyDown}>
      <div className={styles.head}>
        <h2 className={styles.title}>Request log</h2>
        <TextField
          ref={search}
          compact
          icon="search"
          label="Filter the request log"
          placeholder="Operation, key, status or request id"
          className={styles.search}
          value={filter.text ?? ''}
          onChange={(text) => change({ text })}
        />
        <Button
          kind="quiet"
          compact
          aria-pressed={filter.failed === true}
          onClick={() => change({ failed: filter.failed !== true })}
        >
          Failed
        </Button>
        <Button
          kind="quiet"
          compact
          aria-pressed={filter.triedAgain === true}
          onClick={() => change({ triedAgain: filter.triedAgain !== true })}
        >
          Tried again
        </Button>
        <Select
          label="Connection of the requests"
          quiet
          compact
          options={[
            { value: ANY, label: 'All connections' },
            ...withChosen(connections, filter.connection).map((name) => ({ value: name, label: name })),
          ]}
          value={filter.connection ?? ANY}
          onChange={(connection) => change({ connection })}
        />
        <span className={styles.count}>
          {isFiltered
            ? `${formatCount(shown.length)} of ${countOf(groups.length, 'request')}`
            : countOf(groups.length, 'request')}
          {paused ? `, paused${newer > 0 ? `, ${formatCount(newer)} newer` : ''}` : ''}
        </span>
        <div className={styles.tools}>
          <LedgerButton />
          {following ? (
            <Button kind="quiet" compact icon="pause" aria-label="Pause" onClick={() => feed.pause()}>
              <span className={styles.toolName}>Pause</span>
            </Button>
          ) : (
            <Button kind="quiet" compact icon="arrow-down" aria-label="Follow" onClick={follow}>
              <span className={styles.toolName}>Follow</span>
            </Button>
          )}
          <Button
            kind="quiet"
            compact
            disabledReason={groups.length === 0 ? 'The request log is empty' : null}
            onClick={clear}
          >
            Clear
          </Button>
          <IconButton icon="close" name="Close the request log" shortcut="Esc" onClick={close} />
        </div>
      </div>
      <div className={styles.body}>
        {failure !== null ? (
          <Message title="The request log could not be read">{failure.message}</Message>
        ) : shown.length > 0 ? (
          <RequestTable
            groups={shown}
            selected={detailed?.request ?? null}
            following={following}
            onSelect={(group) => {
              setSelected(group);
              setAtEnd(false);
            }}
            onAtEnd={setAtEnd}
          />
        ) : groups.length > 0 ? (
          <Message title="No request fits the filter">
            <Button compact onClick={() => filterRequests({})}>
              Show all requests
            </Button>
          </Message>
        ) : loaded ? (
          <Message title="No requests yet">
            Each request that Dipper sends to S3 will stand here: what was asked, what the server answered, how long it
            took, and what was tried again. Refresh a collection to see some.
          </Message>
        ) : null}
        {detailed === null ? null : (
          <RequestDetails
            key={detailed.request}
            group={detailed}
            collection={collections.find(({ id }) => id === lastTry(detailed).collection)?.name ?? null}
            onClose={() => setSelected(null)}
          />
        )}
      </div>
    </div>
  );
}

function Message({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className={styles.message}>
      <div className={styles.messageTitle}>{title}</div>
      <div className={styles.messageText}>{children}</div>
    </div>
  );
}

/** A connection that was chosen stays a choice, also where the log has nothing of it any more. */
function withChosen(connections: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || connections.includes(chosen) ? connections : [...connections, chosen].toSorted();
}

/** Mod+F while something in the panel has the focus. */
function useFilterCommand(
  panel: React.RefObject<HTMLElement | null>,
  search: React.RefObject<HTMLInputElement | null>,
): readonly Command<CommandContext>[] {
  return useMemo(
    () => [
      {
        id: 'requests.filter',
        name: 'Filter the request log, while it has the focus',
        shortcuts: ['Mod+F'],
        scope: 'anywhere',
        menu: 'View',
        when: () => (panel.current?.contains(document.activeElement) === true ? 'available' : 'hidden'),
        run: () => {
          search.current?.focus();
          search.current?.select();
        },
      },
    ],
    [panel, search],
  );
}
