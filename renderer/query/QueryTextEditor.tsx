import { useEffect, useId, useRef } from 'react';
import type { Tab } from '../shell/workspace.ts';
import { Icon } from '../ui/Icon.tsx';
import { TextArea } from '../ui/TextArea.tsx';
import styles from './QueryTextEditor.module.css';
import { QUERY_SYNTAX } from './query-syntax.ts';
import { SyntaxSheet } from './SyntaxSheet.tsx';
import { placeInText, shownText, textProblem, withText, type TextProblem } from './typed-text.ts';
import { useSettled } from './use-settled.ts';

const SETTLED_AFTER = 250;

export interface QueryTextEditorProps {
  readonly tab: Tab;
  /** Conditions that are not complete, which the text does not have. */
  readonly incomplete: number;
  readonly onChange: (change: Pick<Tab, 'draft' | 'typed'>) => void;
}

/** The conditions as text: what can be read is taken at once, what cannot is said with its place. */
export function QueryTextEditor({ tab, incomplete, onChange }: QueryTextEditorProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const text = shownText(tab);
  const settled = useSettled(text, SETTLED_AFTER);
  const problem = settled === text ? textProblem(tab) : null;

  // All of it is selected, so that a query that is pasted takes its place.
  useEffect(() => {
    area.current?.focus();
    area.current?.select();
  }, []);

  return (
    <div className={styles.editor}>
      <TextArea
        ref={area}
        label="Query as text"
        mono
        wrong={problem !== null}
        rows={2}
        aria-describedby={id}
        className={styles.area}
        placeholder='rating >= 8 and (genre in ("Drama", "Comedy") or title like "%war%")'
        value={text}
        onChange={(now) => onChange(withText(tab, now))}
      />
      <div className={styles.foot}>
        <span id={id} role="status" className={problem === null ? styles.said : styles.problem}>
          {problem === null ? <Said text={text} incomplete={incomplete} /> : <Problem text={text} problem={problem} />}
        </span>
        <div className={styles.syntax}>
          <SyntaxSheet label="Syntax of queries" signs={QUERY_SYNTAX} wide />
        </div>
      </div>
    </div>
  );
}

function Said({ text, incomplete }: { readonly text: string; readonly incomplete: number }) {
  if (incomplete > 0) {
    return incomplete === 1
      ? 'One condition is not complete and not in the text'
      : `${incomplete} conditions are not complete and not in the text`;
  }
  if (text.trim() === '') return 'No conditions: every record is found';
  return (
    <>
      <Icon name="check" size={12} />
      The conditions say the same
    </>
  );
}

function Problem({ text, problem }: { readonly text: string; readonly problem: TextProblem }) {
  const { line, column } = placeInText(text, problem.column);
  const words = text.split('\n')[line - 1] ?? '';
  const start = Math.max(0, column - 25);
  const end = column + 16;
  const where = text.includes('\n') ? `Line ${line}, column ${column}` : `Column ${column}`;
  return (
    <>
      {`${where}: ${problem.message}`}
      <code className={styles.excerpt} aria-hidden="true">
        {`${start > 0 ? '…' : ''}${words.slice(start, column - 1)}`}
        <mark className={styles.wrong}>{words.slice(column - 1, column) || ' '}</mark>
        {`${words.slice(column, end)}${words.length > end ? '…' : ''}`}
      </code>
    </>
  );
}
