import { formatBytes } from '../../shared/byte-size.ts';
import { useState } from 'react';
import { CopyButton } from '../ui/CopyButton.tsx';
import { formatTime } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Segments } from '../ui/Segments.tsx';
import { curlCommand } from './curl-command.ts';
import { headerLines } from './header-lines.ts';
import { lastTry, type RequestGroup } from './request-groups.ts';
import { millisecondsWords, tryWords } from './request-words.ts';
import styles from './RequestDetails.module.css';

export interface RequestDetailsProps {
  readonly group: RequestGroup;
  /** Name of the collection that it was for; null where it was for none, or for one that is gone. */
  readonly collection: string | null;
  readonly onClose: () => void;
}

/** All that is known of one request, a try at a time. */
export function RequestDetails({ group, collection, onClose }: RequestDetailsProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const entry = group.tries.find(({ attempt }) => attempt === chosen) ?? lastTry(group);
  const facts: readonly (readonly [string, string])[] = [
    ['Request', `${entry.method} ${entry.origin}${entry.path}`],
    ['Answer', tryWords(entry)],
    ['Failure', entry.failure === null || entry.failure === 'aborted' ? '' : entry.failure],
    ['Started', `${formatTime(entry.started)}.${String(Math.floor(entry.started) % 1000).padStart(3, '0')}`],
    ['Took', took(entry.milliseconds, entry.firstByteMilliseconds)],
    ['Bodies', `${formatBytes(entry.bytesUp)} sent, ${formatBytes(entry.bytesDown)} received`],
    ['Connection', `${entry.connection}, ${entry.region}`],
    ['For', collection ?? ''],
    ['Lane', entry.lane === 'bulk' ? 'bulk: a sync' : 'interactive: a person waits'],
    ['Request id', entry.requestId ?? ''],
  ];
  return (
    <aside className={styles.details} aria-label={`Details of ${entry.operation}`}>
      <div className={styles.head}>
        <h3 className={styles.title}>{entry.operation}</h3>
        <CopyButton compact name="Copy as curl" text={curlCommand(entry)} />
        {entry.requestId === null ? null : <CopyButton compact name="Copy request id" text={entry.requestId} />}
        <IconButton icon="close" name="Close the details" shortcut="Esc" onClick={onClose} />
      </div>
      <div className={styles.scroll} tabIndex={0} role="group" aria-label="Facts of the request">
        {group.tries.length > 1 ? (
          <div className={styles.tries}>
            <Segments
              label="Try"
              segments={group.tries.map((each) => ({
                value: String(each.attempt),
                label: `${each.attempt}: ${tryWords(each)}`,
              }))}
              value={String(entry.attempt)}
              onChange={(attempt) => setChosen(Number(attempt))}
            />
          </div>
        ) : null}
        <Facts facts={facts.filter(([, value]) => value !== '')} />
        <Headers title="Sent headers" flat={entry.sentHeaders} />
        <Headers title="Received headers" flat={entry.receivedHeaders} />
      </div>
    </aside>
  );
}

function Headers({ title, flat }: { readonly title: string; readonly flat: readonly string[] }) {
  const lines = headerLines(flat);
  if (lines.length === 0) return null;
  return (
    <>
      <h4 className={styles.section}>{title}</h4>
      <Facts facts={lines} mono />
    </>
  );
}

function Facts({
  facts,
  mono = false,
}: {
  readonly facts: readonly (readonly [string, string])[];
  readonly mono?: boolean;
}) {
  return (
    <dl className={mono ? styles.headers : styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function took(milliseconds: number, firstByte: number | null): string {
  const whole = `${millisecondsWords(milliseconds)} ms`;
  return firstByte === null
    ? `${whole}, without an answer`
    : `${whole}, ${millisecondsWords(firstByte)} ms to the first byte`;
}
