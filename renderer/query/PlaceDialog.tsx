import { useId, useRef, useState } from 'react';
import type { Place } from '../../shared/query.ts';
import { parsePlaceText } from '../../shared/query-text/parse-place.ts';
import { printPlace } from '../../shared/query-text/print-where.ts';
import { QueryTextError } from '../../shared/query-text/query-text-error.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import { TextField } from '../ui/TextField.tsx';
import { isEveryField, type DraftPlace } from './draft-place.ts';
import styles from './PlaceDialog.module.css';

export interface PlaceDialogProps {
  readonly kind: 'path' | 'tag';
  /** What is chosen now. */
  readonly place: DraftPlace | null;
  readonly onClose: () => void;
  readonly onDone: (place: Place) => void;
}

/** A place that is in no list: a path into lists and odd names, or a tag by its name. */
export function PlaceDialog({ kind, place, onClose, onDone }: PlaceDialogProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => startOf(kind, place));
  const [tried, setTried] = useState(false);
  const read = kind === 'tag' ? readTag(text) : readPath(text);
  const problem = 'problem' in read && (tried || text.trim() !== '') ? read.problem : null;

  function submit(): void {
    setTried(true);
    if ('place' in read) onDone(read.place);
    else field.current?.focus();
  }

  return (
    <Dialog
      open
      title={kind === 'tag' ? 'A tag' : 'Other path'}
      initialFocus={field}
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            {kind === 'tag' ? 'Use this tag' : 'Use this path'}
          </Button>
        </>
      }
    >
      <FormRow
        label={kind === 'tag' ? 'Name' : 'Path'}
        htmlFor={id}
        error={problem}
        hint={
          kind === 'tag' ? 'As it stands in S3. Tags are read from S3 when they are first asked for.' : stepsOf(read)
        }
      >
        <TextField
          ref={field}
          id={id}
          aria-describedby={`${id}-note`}
          mono
          wide
          wrong={problem !== null}
          value={text}
          onChange={setText}
        />
      </FormRow>
      {kind === 'tag' ? null : (
        <dl className={styles.examples}>
          {EXAMPLES.map(([path, meaning]) => (
            <div key={path}>
              <dt>{path}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      )}
    </Dialog>
  );
}

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['tags[0]', 'the first value of a list: positions count from 0'],
  ['crew.cast[2].name', 'names and positions, as deep as the record goes'],
  ['["x.y"]', 'a name with a dot, as JSON writes it'],
  ['["id"]', 'a field that is called id, not the id of the record'],
];

type Read = { readonly place: Place } | { readonly problem: string };

function startOf(kind: 'path' | 'tag', place: DraftPlace | null): string {
  if (place === null || isEveryField(place)) return '';
  if (kind === 'tag') return 'tag' in place ? place.tag : '';
  return 'path' in place || 'field' in place ? printPlace(place) : '';
}

function readTag(text: string): Read {
  return text === '' ? { problem: 'Write the name of the tag.' } : { place: { tag: text } };
}

function readPath(text: string): Read {
  if (text.trim() === '') return { problem: 'Write the path.' };
  try {
    return { place: parsePlaceText(text) };
  } catch (error) {
    if (!(error instanceof QueryTextError)) throw error;
    return { problem: `Character ${error.column}: ${error.message}` };
  }
}

/** What was understood, step by step. */
function stepsOf(read: Read): string {
  if (!('place' in read)) return 'From the fields of the record downwards.';
  const { place } = read;
  if (!('path' in place)) return `Read as ${'field' in place ? `the field ${place.field}` : printPlace(place)}`;
  const steps = place.path.map((step) => (typeof step === 'number' ? `value ${step + 1} of the list` : step));
  return `Read as ${steps.join(', then ')}`;
}
