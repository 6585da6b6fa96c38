import { type ReactNode, useRef, useState } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { AppError } from '../../shared/result.ts';
import { call, toAppError } from '../api/call.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import styles from './dialogs.module.css';

export interface RemoveConnectionDialogProps {
  readonly connection: Connection;
  /** Its collections: they go with it. */
  readonly collections: readonly Collection[];
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

export function RemoveConnectionDialog({ connection, collections, onClose, onRemoved }: RemoveConnectionDialogProps) {
  return (
    <RemoveDialog
      title="Remove connection"
      subject={connection.name}
      label={`Remove ${connection.name}`}
      remove={() => call('connections:remove', { connection: connection.id })}
      onClose={onClose}
      onRemoved={onRemoved}
    >
      <p className={styles.words}>
        <b className={styles.strong}>{connection.name}</b>
        {collections.length === 0
          ? ' and its keys are forgotten.'
          : `, its keys and its ${countOf(collections.length, 'collection')} are forgotten, with index and drafts: `}
        {collections.map((collection) => collection.name).join(', ')}
      </p>
      <p className={styles.words}>Nothing in S3 changes.</p>
    </RemoveDialog>
  );
}

export interface RemoveCollectionDialogProps {
  readonly collection: Collection;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

export function RemoveCollectionDialog({ collection, onClose, onRemoved }: RemoveCollectionDialogProps) {
  return (
    <RemoveDialog
      title="Remove collection"
      subject={collection.name}
      label={`Remove ${collection.name}`}
      remove={() => call('collections:remove', { collection: collection.id })}
      onClose={onClose}
      onRemoved={onRemoved}
    >
      <p className={styles.words}>
        <b className={styles.strong}>{collection.name}</b>, its index and its drafts on this machine are forgotten.
      </p>
      <p className={styles.words}>
        The objects below <span className={styles.mono}>{`s3://${collection.bucket}/${collection.prefix}`}</span> stay
        as they are.
      </p>
    </RemoveDialog>
  );
}

interface RemoveDialogProps {
  readonly title: string;
  readonly subject: string;
  readonly label: string;
  readonly remove: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
  readonly children: ReactNode;
}

/** Asks before something goes from this machine. */
export function RemoveDialog({ title, subject, label, remove, onClose, onRemoved, children }: RemoveDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);

  async function handleRemove(): Promise<void> {
    if (working) return;
    setWorking(true);
    setError(null);
    try {
      await remove();
      onRemoved();
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setWorking(false);
    }
  }

  return (
    <Dialog
      open
      alert
      title={title}
      subject={subject}
      initialFocus={cancel}
      onClose={onClose}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="danger"
            disabledReason={working ? 'It is being removed.' : null}
            onClick={() => void handleRemove()}
          >
            {label}
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(error.code, null)} className={styles.notice}>
          {error.message}
        </Notice>
      )}
      {children}
    </Dialog>
  );
}
