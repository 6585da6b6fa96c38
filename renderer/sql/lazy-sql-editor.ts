import { lazyEditor } from '../ui/lazy-editor.tsx';
import styles from './SqlEditor.module.css';

export const LazySqlEditor = lazyEditor(
  async () => (await import('./SqlEditor.tsx')).SqlEditor,
  styles.editor,
  'the statement is kept',
);
