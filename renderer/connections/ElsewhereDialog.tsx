import { useId, useState } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { AppError } from '../../shared/result.ts';
import { call, toAppError } from '../api/call.ts';
import { type There, useThere } from '../api/server-queries.ts';
import { MOST_PICKED, type ChosenRecords } from '../jobs/chosen-records.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { CollectionSubject } from '../ui/CollectionSubject.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Select } from '../ui/Select.tsx';
import styles from './dialogs.module.css';
import { openThere, placeOf } from './switch-connection.ts';

export interface ElsewhereDialogProps {
  readonly collection: Collection;
  readonly connections: readonly Connection[];
  /** The one that is chosen at first; null leaves it to the dialog. */
  readonly connectionId: string | null;
  /** What the collection's tab shows, all of it; null while it shows nothing. */
  readonly answer: ChosenRecords | null;
  readonly onClose: () => void;
}

type Copied = 'nothing' | 'first' | 'answer';

/** Shows the bucket and prefix of a collection on another connection; makes the bucket, and leads on to copying records there. */
export function ElsewhereDialog({ collection, connections, connectionId, answer, onClose }: ElsewhereDialogProps) {
  const ids = useId();
  const others = connections.filter(({ id }) => id !== collection.connectionId);
  const home = connections.find(({ id }) => id === collection.connectionId);
  const [to, setTo] = useState(connectionId ?? others[0]?.id ?? '');
  const [copied, setCopied] = useState<Copied>('nothing');
  const [first, setFirst] = useState('1000');
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const connection = others.find(({ id }) => id === to) ?? null;
  const there = useThere(connection?.id ?? null, collection.bucket, collection.prefix);
  const error = failure ?? (there.error === null ? null : toAppError(there.error));

  const wanted = copied === 'first' ? Number(first) : (answer?.count ?? 0);
  const isNumber = /^[1-9]\d{0,4}$/.test(first) && Number(first) <= MOST_PICKED;
  const reason = working
    ? 'It is being opened'
    : connection === null
      ? 'Choose a connection first'
      : there.data === undefined
        ? there.isFetching
          ? 'The server is being asked'
          : 'The server does not answer'
        : (refusedWrite(connection, there.data, copied) ??
          (copied !== 'nothing' && answer === null
            ? `${collection.name} shows no records to copy`
            : copied === 'first' && !isNumber
              ? `A number from 1 to ${formatCount(MOST_PICKED)}`
              : null));

  async function open(): Promise<void> {
    if (reason !== null || connection === null || there.data === undefined) return;
    setWorking(true);
    setFailure(null);
    try {
      if (there.data.state === 'no-bucket') {
        await call('buckets:create', { connection: connection.id, bucket: collection.bucket });
      }
      const codec = there.data.state === 'records' ? there.data.codec : collection.codec;
      const made = await openThere(collection, connection, codec);
      onClose();
      if (copied === 'nothing' || answer === null) return;
      const chosen = copied === 'first' ? firstRecords(answer, Number(first)) : answer;
      currentWorkspace().openDialog({ kind: 'copy-records', collection: collection.id, chosen, to: made.id });
    } catch (thrown) {
      setFailure(toAppError(thrown));
    } finally {
      setWorking(false);
    }
  }

  return (
    <Dialog
      open
      title="Show on another connection"
      subject={home === undefined ? collection.name : <CollectionSubject collection={collection} connection={home} />}
      onClose={onClose}
      onSubmit={() => void open()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabledReason={reason}>
            {buttonWords(collection, connection, there.data, copied)}
          </Button>
        </>
      }
    >
      {others.length > 0 ? null : (
        <Notice kind="info" className={styles.notice}>
          There is no other connection yet. Add one with New connection in the menu File.
        </Notice>
      )}
      <FormRow label="Connection" htmlFor={`${ids}-connection`}>
        <Select
          id={`${ids}-connection`}
          wide
          options={others.map((each) => ({ value: each.id, label: each.name, detail: each.environment }))}
          value={to}
          onChange={(next) => {
            setTo(next);
            setFailure(null);
          }}
        />
      </FormRow>
      <FormRow
        label="Place"
        htmlFor={`${ids}-place`}
        hint={connection === null ? undefined : thereWords(collection, connection, there.data, there.isFetching)}
      >
        <output id={`${ids}-place`} className={styles.mono}>
          {placeOf(collection)}
        </output>
      </FormRow>
      <FormRow
        label="Copy there"
        htmlFor={`${ids}-copied`}
        hint={copied === 'nothing' ? undefined : 'The next page says what is copied, what it costs, and starts it.'}
      >
        <Segments<Copied>
          id={`${ids}-copied`}
          label="Copy there"
          segments={[
            { value: 'nothing', label: 'Nothing' },
            { value: 'first', label: 'The first records' },
            {
              value: 'answer',
              label: answer === null ? 'All that is found' : `All that is found: ${formatCount(answer.count)}`,
            },
          ]}
          value={copied}
          onChange={setCopied}
        />
      </FormRow>
      {copied !== 'first' ? null : (
        <FormRow
          label="How many"
          htmlFor={`${ids}-first`}
          error={isNumber ? null : `A number from 1 to ${formatCount(MOST_PICKED)}.`}
          hint={
            answer !== null && wanted > answer.count
              ? `${countOf(answer.count, 'record is', 'records are')} found.`
              : 'In the order in which they are shown.'
          }
        >
          <NumberField
            id={`${ids}-first`}
            aria-describedby={`${ids}-first-note`}
            className={styles.short}
            value={first}
            wrong={!isNumber}
            onChange={setFirst}
          />
        </FormRow>
      )}
      {error === null || connection === null ? null : (
        <Notice
          kind="error"
          title={failureTitle(error.code, connection.name)}
          className={styles.outcome}
          actions={<Remedies connection={connection} onAgain={() => void there.refetch()} />}
        >
          {error.message}
        </Notice>
      )}
    </Dialog>
  );
}

interface RemediesProps {
  readonly connection: Connection;
  readonly onAgain: () => void;
}

function Remedies({ connection, onAgain }: RemediesProps) {
  const { openDialog } = currentWorkspace();
  if (connection.kind === 'localstack') {
    return (
      <>
        <Button compact onClick={() => openDialog({ kind: 'start-localstack' })}>
          How to start it
        </Button>
        <Button compact icon="refresh" onClick={onAgain}>
          Try again
        </Button>
      </>
    );
  }
  const isSandbox = connection.kind === 'sandbox';
  return (
    <Button
      compact
      icon={isSandbox ? 'play' : 'refresh'}
      onClick={() => {
        if (!isSandbox) return onAgain();
        // What it failed of is what asking again fails of.
        void call('servers:start-sandbox', {}).then(onAgain, onAgain);
      }}
    >
      {isSandbox ? 'Start the Sandbox' : 'Try again'}
    </Button>
  );
}

function refusedWrite(connection: Connection, there: There, copied: Copied): string | null {
  if (!connection.readOnly || (there.state !== 'no-bucket' && copied === 'nothing')) return null;
  return `The connection ${connection.name} is read-only`;
}

function buttonWords(
  { bucket }: Collection,
  connection: Connection | null,
  there: There | undefined,
  copied: Copied,
): string {
  const name = connection?.name ?? 'it';
  const production = connection?.environment === 'production' ? ' in production' : '';
  const next = copied === 'nothing' ? '' : ', then copy';
  return there?.state === 'no-bucket'
    ? `Create bucket ${bucket}${production} and open it${next}`
    : `Open on ${name}${next}`;
}

function thereWords(
  { bucket, prefix }: Collection,
  { name }: Connection,
  there: There | undefined,
  isFetching: boolean,
): string | undefined {
  if (there === undefined) return isFetching ? `${name} is being asked …` : undefined;
  switch (there.state) {
    case 'records':
      return `${name} has records there.`;
    case 'nothing':
      return prefix === '' ? `The bucket is empty on ${name}.` : `${name} has nothing below this prefix.`;
    case 'no-bucket':
      return `${name} has no bucket ${bucket}.`;
  }
}

function firstRecords(answer: ChosenRecords, count: number): ChosenRecords {
  if (count >= answer.count) return answer;
  return { ...answer, ranges: [{ from: 0, to: count }], count };
}
