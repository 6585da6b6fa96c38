import { useId, useRef, useState } from 'react';
import type { AppError } from '../../shared/result.ts';
import { call, toAppError } from '../api/call.ts';
import { useSavedQueries } from '../api/search-queries.ts';
import type { Tab } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import { TextField } from '../ui/TextField.tsx';
import { whereText } from './query-text.ts';
import styles from './QueriesDialog.module.css';

export interface SaveQueryDialogProps {
  readonly collection: string;
  readonly tab: Tab;
  readonly onClose: () => void;
  readonly onSaved: (name: string) => void;
}

/** Gives the query a name; one that another query has is taken over. */
export function SaveQueryDialog({ collection, tab, onClose, onSaved }: SaveQueryDialogProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const { saved } = useSavedQueries(collection);
  const [typed, setTyped] = useState('');
  const [failure, setFailure] = useState<AppError | null>(null);
  const name = typed.trim();
  const same = saved.find((query) => query.name === name);
  const where = whereText(tab.draft);

  async function save(): Promise<void> {
    if (name === '') {
      setFailure({ code: 'invalid-arguments', message: 'Give it a name.', retryable: false });
      field.current?.focus();
      return;
    }
    try {
      const query = { id: same?.id ?? crypto.randomUUID(), name, where, sort: tab.sort };
      await call('saved-queries:save', { collection, query });
      onSaved(name);
    } catch (error) {
      setFailure(toAppError(error));
    }
  }

  return (
    <Dialog
      open
      title="Save the query"
      initialFocus={field}
      keepOpen={name !== ''}
      onClose={onClose}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            {same === undefined ? 'Save the query' : `Replace ${same.name}`}
          </Button>
        </>
      }
    >
      <FormRow
        label="Name"
        htmlFor={id}
        error={failure?.message}
        hint={same === undefined ? undefined : 'There is a query of this name; this one takes its place.'}
      >
        <TextField
          ref={field}
          id={id}
          aria-describedby={`${id}-note`}
          wide
          maxLength={200}
          placeholder="Best dramas"
          value={typed}
          onChange={(text) => {
            setTyped(text);
            setFailure(null);
          }}
        />
      </FormRow>
      <p className={styles.whole}>{where}</p>
      {tab.sort.length === 0 ? null : (
        <p className={styles.note}>
          Sorted by{' '}
          {tab.sort.map(({ field: by, direction }) => `${by}${direction === 'desc' ? ', descending' : ''}`).join('; ')}
        </p>
      )}
    </Dialog>
  );
}
