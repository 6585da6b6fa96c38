import { useId } from 'react';
import { Notice } from '../ui/Notice.tsx';
import { type Editing, editJsonText, jsonText } from './editing.ts';
import { LazyJsonEditor } from './LazyJsonEditor.tsx';
import styles from './JsonTab.module.css';

export interface JsonTabProps {
  readonly editing: Editing;
  readonly lockedReason: string | null;
  readonly onEdit: (editing: Editing) => void;
}

/** The record as JSON text; where the object is no record, its body as it is. */
export function JsonTab({ editing, lockedReason, onEdit }: JsonTabProps) {
  const id = useId();
  if (editing.now === null && editing.body === null) {
    return (
      <div className={styles.note}>
        <Notice kind="info">The object is not text, so that it cannot be shown or edited here.</Notice>
      </div>
    );
  }
  const problem = editing.unfinished?.problem ?? null;
  return (
    <div className={styles.tab}>
      <LazyJsonEditor
        label={editing.now === null ? 'Body of the object' : 'Record as JSON'}
        text={jsonText(editing)}
        readOnly={lockedReason !== null}
        problem={problem}
        describedBy={id}
        onChange={(text) => onEdit(editJsonText(editing, text))}
      />
      <div id={id} className={problem === null ? styles.fine : styles.problem} role="status">
        {problem?.message ?? lockedReason ?? remark(editing)}
      </div>
    </div>
  );
}

function remark({ now, body, detail }: Editing): string {
  if (now !== null) return 'What is not changed keeps its bytes.';
  return body === detail.body ? (detail.problem?.message ?? '') : 'This reads as JSON.';
}
