import { lazy, Suspense } from 'react';
import { Notice } from '../ui/Notice.tsx';
import type { SqlEditorProps } from './SqlEditor.tsx';
import styles from './SqlEditor.module.css';

/** CodeMirror comes when somebody first asks in SQL, as it does for the first JSON that is shown. */
const LoadedEditor = lazy(async () => {
  try {
    return { default: (await import('./SqlEditor.tsx')).SqlEditor };
  } catch (error) {
    // The browser host may be gone by now. Thrown on, this would take the whole page down.
    console.warn('The editor could not be loaded', error);
    return { default: MissingEditor };
  }
});

export function LazySqlEditor(props: SqlEditorProps) {
  return (
    <Suspense fallback={<div className={styles.editor} aria-busy="true" />}>
      <LoadedEditor {...props} />
    </Suspense>
  );
}

function MissingEditor() {
  return (
    <div className={styles.editor}>
      <Notice kind="error" title="The editor could not be loaded">
        Dipper does not answer. Start it again, then reload this page; the statement is kept.
      </Notice>
    </div>
  );
}
