import { useId, useMemo } from 'react';
import { formatBytes } from '../../shared/byte-size.ts';
import { Notice } from '../ui/Notice.tsx';
import { DownloadButton } from './DownloadPart.tsx';
import { type Editing, editJsonText, jsonText } from './editing.ts';
import { FirstBytes } from './FirstBytes.tsx';
import { LazyJsonEditor } from './lazy-json-editor.ts';
import styles from './JsonTab.module.css';

export interface JsonTabProps {
  readonly editing: Editing;
  readonly lockedReason: string | null;
  readonly onEdit: (editing: Editing) => void;
}

/**
 * Characters of a text that is still checked with every keystroke; above it the text is shown and searched, not typed in.
 * Reading and comparing takes 30 ms a million characters.
 */
const LARGEST_EDITED = 2 * 1024 * 1024;

/** The record as JSON text; where the object is no record, its body as it is; where that is no text, its first bytes. */
export function JsonTab({ editing, lockedReason, onEdit }: JsonTabProps) {
  const id = useId();
  const text = useMemo(() => jsonText(editing), [editing]);
  const { detail } = editing;
  if (editing.now === null && editing.body === null) {
    return (
      <div className={styles.tab}>
        <div className={styles.note}>
          <Notice kind="info" actions={<DownloadButton />}>
            {detail.problem?.message} It is shown by its bytes; a save of its tags leaves them as they are.
          </Notice>
        </div>
        <FirstBytes hex={detail.firstBytes ?? ''} size={detail.facts.size} />
      </div>
    );
  }
  const problem = editing.unfinished?.problem ?? null;
  const locked = lockedReason ?? tooLargeToEdit(editing);
  return (
    <div className={styles.tab}>
      <LazyJsonEditor
        label={editing.now === null ? 'Body of the object' : 'Record as JSON'}
        text={text}
        readOnly={locked !== null}
        problem={problem}
        describedBy={id}
        onChange={(typed) => onEdit(editJsonText(editing, typed))}
      />
      <div id={id} className={problem === null ? styles.fine : styles.problem} role="status">
        {problem?.message ?? locked ?? remark(editing)}
      </div>
    </div>
  );
}

function tooLargeToEdit({ detail, now }: Editing): string | null {
  const length = detail.body?.length ?? 0;
  if (length <= LARGEST_EDITED) return null;
  const limit = `A text above ${formatBytes(LARGEST_EDITED)} is shown here, but not edited.`;
  return now === null
    ? `${limit} “dipper get --raw” writes it to a file, “dipper put --replace” puts what was mended in its place.`
    : `${limit} Change its values in the Fields tab.`;
}

function remark({ now, body, detail }: Editing): string {
  if (now !== null) return 'What is not changed keeps its bytes.';
  return body === detail.body ? (detail.problem?.message ?? '') : 'This reads as JSON.';
}
