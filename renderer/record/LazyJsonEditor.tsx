import { lazy, Suspense } from 'react';
import { Notice } from '../ui/Notice.tsx';
import type { JsonEditorProps } from './JsonEditor.tsx';
import styles from './JsonEditor.module.css';

/** CodeMirror is a third of the page's script, and most of what people do needs none of it: it comes when first shown. */
const LoadedEditor = lazy(async () => {
  try {
    return { default: (await import('./JsonEditor.tsx')).JsonEditor };
  } catch (error) {
    // The browser host may be gone by now. Thrown on, this would take the whole page down.
    console.warn('The editor could not be loaded', error);
    return { default: MissingEditor };
  }
});

export function LazyJsonEditor(props: JsonEditorProps) {
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
        Dipper does not answer. Start it again, then reload this page; edits are kept.
      </Notice>
    </div>
  );
}
