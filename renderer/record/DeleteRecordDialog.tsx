import { useRef, useState } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { call } from '../api/call.ts';
import { useWeakerWrite } from '../api/record-queries.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { CollectionSubject } from '../ui/CollectionSubject.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { Notice } from '../ui/Notice.tsx';
import { drafts } from './drafts.ts';
import styles from './DeleteRecordDialog.module.css';
import { useWrite } from './use-write.ts';

export interface DeleteRecordDialogProps {
  readonly collection: Collection;
  readonly connection: Connection;
  readonly recordKey: string;
  /** What the person saw; the delete holds for that and nothing newer. */
  readonly etag: string | null;
  readonly onClose: () => void;
  readonly onDeleted: (key: string) => void;
  /** Shows the record as it is now, after a conflict. */
  readonly onOpenRecord: (key: string) => void;
}

export function DeleteRecordDialog({
  collection,
  connection,
  recordKey,
  etag,
  onClose,
  onDeleted,
  onOpenRecord,
}: DeleteRecordDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const { working, error, send } = useWrite();
  const [notes, setNotes] = useState<readonly string[] | null>(null);
  const weaker = useWeakerWrite(collection.id, 'delete');
  const id = idOf(collection, recordKey);

  const remove = (): Promise<void> =>
    send(async (signal) => {
      const answer = await call('record:delete', { collection: collection.id, key: recordKey, etag }, signal);
      drafts.discard(collection.id, recordKey);
      if (answer.notes.length === 0) onDeleted(recordKey);
      else setNotes(answer.notes);
    });

  if (notes !== null) {
    return (
      <Dialog
        open
        title="Record deleted"
        subject={id}
        onClose={() => onDeleted(recordKey)}
        footer={<Button onClick={() => onDeleted(recordKey)}>Close</Button>}
      >
        <Notice kind="info">
          {notes.map((note) => (
            <div key={note}>{note}</div>
          ))}
        </Notice>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      alert
      production={connection.environment === 'production'}
      title="Delete record"
      subject={<CollectionSubject collection={collection} connection={connection} />}
      initialFocus={cancel}
      onClose={onClose}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="danger"
            production={connection.environment === 'production'}
            icon="trash"
            disabledReason={working ? 'The record is being deleted.' : null}
            onClick={() => void remove()}
          >
            {`Delete ${id.length === 0 || id.length > 40 ? 'record' : id}${connection.environment === 'production' ? ' in production' : ''}`}
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <Notice
          kind="error"
          title={failureTitle(error.code, connection.name)}
          className={styles.notice}
          actions={
            error.code === 'record-changed' ? (
              <Button compact onClick={() => onOpenRecord(recordKey)}>
                Show the newer record
              </Button>
            ) : undefined
          }
        >
          {error.code === 'record-changed' ? 'It was changed after you saw it, so it was not deleted.' : error.message}
        </Notice>
      )}
      <p className={styles.words}>
        The record <b className={styles.id}>{id === '' ? '""' : id}</b> will be deleted. Where the bucket keeps no
        versions, this cannot be undone.
      </p>
      <p className={styles.address}>{`s3://${collection.bucket}/${recordKey}`}</p>
      {weaker === null ? null : (
        <Notice kind="warn" className={styles.after}>
          {weaker}
        </Notice>
      )}
    </Dialog>
  );
}

/** The id is the key without prefix and one final `.json` (DESIGN "Identity"). */
function idOf(collection: Collection, key: string): string {
  const below = key.startsWith(collection.prefix) ? key.slice(collection.prefix.length) : key;
  return below.endsWith('.json') ? below.slice(0, -'.json'.length) : below;
}
