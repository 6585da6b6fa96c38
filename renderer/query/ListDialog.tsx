import { useMemo, useRef, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { countOf } from '../ui/format.ts';
import { TextArea } from '../ui/TextArea.tsx';
import type { ListItem, ValueType } from './draft.ts';
import { countWords, joinLists, readList } from './list-text.ts';
import styles from './ListField.module.css';

export interface ListDialogProps {
  /** Whose values they are. */
  readonly field: string;
  readonly type: ValueType;
  readonly text: string;
  readonly onClose: () => void;
  readonly onDone: (items: readonly ListItem[]) => void;
}

/** A long list as text, a value a line. */
export function ListDialog({ field, type, text, onClose, onDone }: ListDialogProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [now, setNow] = useState(text);
  const read = useMemo(() => joinLists([], readList(now, type)), [now, type]);
  return (
    <Dialog
      open
      title="Values"
      subject={field === '' ? undefined : field}
      keepOpen={now !== text}
      initialFocus={area}
      onClose={onClose}
      onSubmit={() => onDone(read.items)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            {`Use ${countOf(read.items.length, 'value')}`}
          </Button>
        </>
      }
    >
      <TextArea
        ref={area}
        label="Values, one a line"
        mono
        className={styles.area}
        value={now}
        onChange={setNow}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || (!event.ctrlKey && !event.metaKey)) return;
          event.preventDefault();
          onDone(read.items);
        }}
      />
      <div className={styles.note} role="status">
        {`${countWords(read.items)}${read.duplicates === 0 ? '' : `; left out: ${countOf(read.duplicates, 'duplicate')}`}`}
      </div>
      <p className={styles.note}>
        One value a line, or with commas in one line. Text in double quotes may hold anything. A JSON array, such as{' '}
        <code>[1, &quot;1&quot;, true, null, [1]]</code>, keeps the kinds of its values.
      </p>
    </Dialog>
  );
}
