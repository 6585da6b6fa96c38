import { type KeyboardEvent, useId, useState } from 'react';
import { DateField } from '../ui/DateField.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Select } from '../ui/Select.tsx';
import { TextArea } from '../ui/TextArea.tsx';
import { TextField } from '../ui/TextField.tsx';
import { carriedOver, EDIT_KINDS, type EditKind, jsonOf, valueProblem } from './value-kind.ts';
import styles from './ValueEditor.module.css';

export interface ValueEditorProps {
  /** The field's name, for screen readers. */
  readonly name: string;
  readonly kind: EditKind;
  readonly typed: string;
  /** Opened by typing: what is typed next follows, rather than replacing it. */
  readonly byTyping: boolean;
  /** JSON text of what stands in the editor; null while it is no value, with the reason. */
  readonly onChange: (text: string | null, problem: string | null) => void;
  /** Enter: the editor closes, what stands in it stays. */
  readonly onDone: () => void;
  /** Escape: the value from before the editor was opened comes back. */
  readonly onCancel: () => void;
}

/** Edits one value in its place, by its kind; the kind can be changed. */
export function ValueEditor({
  name,
  kind: firstKind,
  typed: firstTyped,
  byTyping,
  onChange,
  onDone,
  onCancel,
}: ValueEditorProps) {
  const [kind, setKind] = useState(firstKind);
  const [typed, setTyped] = useState(firstTyped);
  const id = useId();
  const problem = valueProblem(kind, typed);

  function report(nextKind: EditKind, nextTyped: string): void {
    setKind(nextKind);
    setTyped(nextTyped);
    const wrong = valueProblem(nextKind, nextTyped);
    onChange(wrong === null ? jsonOf(nextKind, nextTyped) : null, wrong);
  }

  function handleKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      onCancel();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing && isField(event.target)) {
      event.preventDefault();
      if (problem === null) onDone();
    }
  }

  const common = {
    label: `Value of ${name}`,
    'aria-describedby': problem === null ? undefined : `${id}-problem`,
    value: typed,
    onChange: (text: string) => report(kind, text),
    // The person asked for this editor by a key or a press; the focus belongs into it.
    autoFocus: true,
    onFocus: byTyping ? caretToEnd : selectAll,
  };
  return (
    <div className={styles.editor} onKeyDown={handleKeyDown}>
      {kind === 'number' ? (
        <NumberField {...common} wide allowNotFinite align="start" />
      ) : kind === 'date' ? (
        <DateField {...common} wide />
      ) : kind === 'boolean' ? (
        <Segments
          label={`Value of ${name}`}
          segments={[
            { value: 'true', label: 'true' },
            { value: 'false', label: 'false' },
          ]}
          value={typed === 'false' ? 'false' : 'true'}
          onChange={(value) => report('boolean', value)}
        />
      ) : kind === 'null' ? (
        <span className={styles.null}>null</span>
      ) : kind === 'json' || typed.length > 24 || typed.includes('\n') ? (
        <TextArea {...common} mono={kind === 'json'} wrong={problem !== null} />
      ) : (
        <TextField {...common} wide />
      )}
      {problem === null ? null : (
        <div id={`${id}-problem`} className={styles.problem} role="status">
          {problem}
        </div>
      )}
      <div className={styles.kind}>
        <Select
          label={`Kind of ${name}`}
          compact
          quiet
          options={EDIT_KINDS}
          value={kind}
          onChange={(next) => report(next, carriedOver(typed, kind, next))}
        />
      </div>
    </div>
  );
}

function isField(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || isRadio(target);
}

function isRadio(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.getAttribute('role') === 'radio';
}

function caretToEnd(event: { readonly currentTarget: HTMLInputElement | HTMLTextAreaElement }): void {
  const { value } = event.currentTarget;
  event.currentTarget.setSelectionRange(value.length, value.length);
}

function selectAll(event: { readonly currentTarget: HTMLInputElement | HTMLTextAreaElement }): void {
  event.currentTarget.select();
}
