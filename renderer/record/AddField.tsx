import { type KeyboardEvent, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './FieldsTab.module.css';

export interface AddFieldProps {
  readonly label: string;
  /** Names that are there already. */
  readonly taken: ReadonlySet<string>;
  readonly disabledReason: string | null;
  readonly onAdd: (name: string) => void;
}

/** A button that becomes a field for the new name; the value is then edited in its row. */
export function AddField({ label, taken, disabledReason, onAdd }: AddFieldProps) {
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <Button kind="quiet" compact icon="plus" disabledReason={disabledReason} onClick={() => setName('')}>
        {label}
      </Button>
    );
  }
  const problem = taken.has(name) ? `${name} is there already.` : null;
  function add(): void {
    if (name === null || name === '' || problem !== null) return;
    setName(null);
    onAdd(name);
  }
  function handleKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      add();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      setName(null);
    }
  }
  return (
    <div className={styles.adding}>
      <div className={styles.addingRow}>
        <TextField
          wide
          autoFocus
          label="Name of the new field"
          placeholder="Name of the field"
          value={name}
          wrong={problem !== null}
          onChange={setName}
          onKeyDown={handleKeyDown}
        />
        <Button disabledReason={name === '' ? 'A name is missing.' : problem} onClick={add}>
          Add
        </Button>
        <IconButton icon="close" name="Add no field" onClick={() => setName(null)} />
      </div>
      {problem === null ? null : (
        <div className={styles.problem} role="status">
          {problem}
        </div>
      )}
    </div>
  );
}
