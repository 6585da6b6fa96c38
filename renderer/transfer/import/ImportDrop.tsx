import { useEffect, useState } from 'react';
import { forWriting } from '../../commands/availability.ts';
import { reasonOf } from '../../commands/command.ts';
import { useCommandContext } from '../../commands/context.ts';
import { currentWorkspace } from '../../shell/workspace.ts';
import styles from './ImportDialog.module.css';
import { holdsFiles, pickedFrom, type PickedSource } from './picked-source.ts';

/** A file or folder that is dropped anywhere on the window, or pasted into it, is imported into the collection that is shown. */
export function ImportDrop() {
  const context = useCommandContext();
  const [isOver, setOver] = useState(false);
  const { collection } = context;
  const reason = reasonOf(forWriting(context));

  useEffect(() => {
    function take(data: DataTransfer): void {
      const { openDialog, say } = currentWorkspace();
      const picked = pickedFrom(data);
      if (picked === null) return;
      const configuration = configurationIn(picked);
      if (configuration !== null) openDialog({ kind: 'import-connections', file: configuration });
      else if (typeof picked === 'string') say(picked);
      else if (reason !== null || collection === null) say(`Nothing was imported. ${reason ?? ''}`.trim());
      else openDialog({ kind: 'import', collection: collection.id, picked });
    }
    /** Behind a dialog nothing is dropped: the one of the import takes files itself. */
    const isFree = (data: DataTransfer | null): data is DataTransfer =>
      data !== null && holdsFiles(data) && currentWorkspace().dialog === null;
    const onDragOver = (event: DragEvent): void => {
      if (event.dataTransfer === null || !holdsFiles(event.dataTransfer)) return;
      // Else the browser would leave the page for the file.
      event.preventDefault();
      setOver(isFree(event.dataTransfer));
    };
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (event.dataTransfer === null || !holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (isFree(event.dataTransfer)) take(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (!isFree(event.clipboardData)) return;
      event.preventDefault();
      take(event.clipboardData);
    };
    const ended = new AbortController();
    const { signal } = ended;
    window.addEventListener('dragover', onDragOver, { signal });
    window.addEventListener('dragleave', onDragLeave, { signal });
    window.addEventListener('drop', onDrop, { signal });
    window.addEventListener('paste', onPaste, { signal });
    return () => ended.abort();
  }, [collection, reason]);

  if (!isOver) return null;
  return (
    <div className={styles.over} aria-hidden="true">
      <span className={styles.overWords}>{reason ?? `Drop it to import its rows into ${collection?.name ?? ''}`}</span>
    </div>
  );
}

/** YAML holds no rows here, but it may well hold connections. */
function configurationIn(picked: PickedSource | string): File | null {
  if (typeof picked === 'string' || picked.kind !== 'files') return null;
  const [file, second] = picked.files;
  return second === undefined && /\.ya?ml$/i.test(file.name) ? file : null;
}
