import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Notice } from '../ui/Notice.tsx';
import styles from './Notes.module.css';

/** What was found or done at the start, or happened to the page: said until a person has read it. */
export function Notes({ notes }: { readonly notes: readonly string[] }) {
  const [read, setRead] = useState<readonly string[]>([]);
  const unread = notes.filter((note) => !read.includes(note));
  if (unread.length === 0) return null;
  return (
    <Notice
      kind="warn"
      className={styles.notes}
      actions={
        <>
          <CopyButton compact name="Copy" text={unread.join('\n')} />
          <Button compact onClick={() => setRead(notes)}>
            Dismiss
          </Button>
        </>
      }
    >
      {unread.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </Notice>
  );
}
