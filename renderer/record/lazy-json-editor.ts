import { lazyEditor } from '../ui/lazy-editor.tsx';
import styles from './JsonEditor.module.css';

export const LazyJsonEditor = lazyEditor(
  async () => (await import('./JsonEditor.tsx')).JsonEditor,
  styles.editor,
  'edits are kept',
);
