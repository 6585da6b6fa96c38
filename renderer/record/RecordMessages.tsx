import type { RecordEdit } from '../../shared/record.ts';
import { showRequestOf } from '../requests/show-request.ts';
import { Button } from '../ui/Button.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { formatTime } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import type { RecordMessage } from './open-record.ts';
import styles from './Inspector.module.css';

export interface RecordMessagesProps {
  readonly message: RecordMessage | null;
  readonly place: string;
  /** Something besides tags would be saved. */
  readonly savesWithoutTags: boolean;
  readonly onShowNewer: () => void;
  readonly onSave: (options?: { readonly withoutTags?: boolean }) => void;
  readonly onDismiss: () => void;
}

export function RecordMessages({
  message,
  place,
  savesWithoutTags,
  onShowNewer,
  onSave,
  onDismiss,
}: RecordMessagesProps) {
  if (message === null) return null;
  const dismiss = (
    <Button compact onClick={onDismiss}>
      Hide this
    </Button>
  );
  switch (message.kind) {
    case 'restored':
      return message.newer ? (
        <Notice
          kind="warn"
          title="The record changed since these edits were made"
          className={styles.notice}
          actions={dismiss}
        >
          Edits of {formatTime(message.savedAt)} that were not saved stand on top of the record as it is now. Look them
          through before saving.
          <Lost lost={message.lost} />
        </Notice>
      ) : (
        <Notice kind="info" className={styles.notice} actions={dismiss}>
          Edits of {formatTime(message.savedAt)} that were not saved are back.
          <Lost lost={message.lost} />
        </Notice>
      );
    case 'rebased':
      return (
        <Notice
          kind="warn"
          title="This is the newer record with your edits on top"
          className={styles.notice}
          actions={dismiss}
        >
          Look them through, then save again.
          <Lost lost={message.lost} />
        </Notice>
      );
    case 'saved':
      return (
        <Notice kind="info" title="Saved, with something to know" className={styles.notice} actions={dismiss}>
          {message.notes.map((note) => (
            <div key={note}>{note}</div>
          ))}
        </Notice>
      );
    case 'failed': {
      const { error } = message;
      if (error.code === 'record-changed') {
        return (
          <Notice
            kind="error"
            title={failureTitle(error.code, place)}
            className={styles.notice}
            actions={
              <Button compact onClick={onShowNewer}>
                Show the newer record
              </Button>
            }
          >
            It was changed after you opened it. Nothing of yours was written and nothing of theirs is lost; your edits
            are kept here.
          </Notice>
        );
      }
      const onShowRequest = showRequestOf(error);
      return (
        <Notice
          kind="error"
          title={failureTitle(error.code, place)}
          className={styles.notice}
          actions={
            <>
              {error.code === 'tagging-denied' && savesWithoutTags ? (
                <Button compact onClick={() => onSave({ withoutTags: true })}>
                  Save without tags
                </Button>
              ) : null}
              {error.code === 'invalid-record' ? null : (
                <Button compact onClick={() => onSave()}>
                  Try again
                </Button>
              )}
              {onShowRequest === undefined ? null : (
                <Button compact onClick={onShowRequest}>
                  Show in the request log
                </Button>
              )}
              {dismiss}
            </>
          }
        >
          {error.message}
          <div>Your edits are kept.</div>
        </Notice>
      );
    }
  }
}

function Lost({ lost }: { readonly lost: readonly RecordEdit[] }) {
  if (lost.length === 0) return null;
  return (
    <div>
      Left out, because their place is not there any more: {lost.map((edit) => edit.path.join('.')).join(', ')}.
    </div>
  );
}
