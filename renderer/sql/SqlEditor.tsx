import { autocompletion, closeCompletion, completionKeymap, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import type { SqlColumn } from '../../shared/sql.ts';
import { DUCKDB } from './duckdb-dialect.ts';
import { useLatest } from '../record/use-latest.ts';
import { editorColours, editorLook } from '../ui/editor-look.ts';
import styles from './SqlEditor.module.css';

export interface SqlEditorHandle {
  focus(): void;
}

export interface SqlEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  /** Somebody has just chosen to write a statement. */
  readonly takesFocus: boolean;
  readonly onFocused: () => void;
  /** Escape, where nothing of the editor's own is open. */
  readonly onCancel: () => void;
  readonly columns: readonly SqlColumn[];
  /** Where the statement that was run is wrong; one-based. */
  readonly problem: { readonly message: string; readonly line: number; readonly column: number } | null;
  readonly describedBy: string | undefined;
  readonly ref?: Ref<SqlEditorHandle>;
}

/** Marks a change that came from outside, so that it is not reported back as typed. */
const fromOutside = Annotation.define<boolean>();

/** A statement: colours, names of columns as one types, and a mark where the last run found it wrong. */
export function SqlEditor({ text, columns, problem, describedBy, ref, ...rest }: SqlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useLatest(rest);
  const first = useRef(text);
  const names = useRef(new Compartment());
  const attributes = useRef(new Compartment());
  useImperativeHandle(ref, () => ({ focus: () => editor.current?.focus() }), []);

  useEffect(() => {
    if (place.current === null) return undefined;
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          history(),
          drawSelection(),
          bracketMatching(),
          names.current.of(sql({ dialect: DUCKDB })),
          attributes.current.of([]),
          autocompletion({ icons: false }),
          syntaxHighlighting(editorColours),
          keymap.of([
            // Before the keys of the editor: it would make a line of its own of Mod+Enter.
            { key: 'Mod-Enter', run: (at) => (closeCompletion(at), latest.current.onRun(), true) },
            ...completionKeymap,
            { key: 'Escape', run: (at) => completionStatus(at.state) === null && (latest.current.onCancel(), true) },
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.contentAttributes.of({ 'aria-label': 'Statement in SQL', tabindex: '0' }),
          EditorView.lineWrapping,
          editorLook,
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            if (update.transactions.some((transaction) => transaction.annotation(fromOutside) === true)) return;
            latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    if (latest.current.takesFocus) {
      view.focus();
      latest.current.onFocused();
    }
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, [latest]);

  useEffect(() => {
    first.current = text;
    const view = editor.current;
    if (view === null || view.state.doc.toString() === text) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      annotations: fromOutside.of(true),
    });
  }, [text]);

  useEffect(() => {
    const completions = columns.map(({ name, type }) => ({ label: name, detail: type, type: 'property' }));
    const language = sql({
      dialect: DUCKDB,
      schema: { records: completions, S3Object: completions },
      defaultTable: 'records',
      upperCaseKeywords: true,
    });
    editor.current?.dispatch({ effects: names.current.reconfigure(language) });
  }, [columns]);

  useEffect(() => {
    const described = EditorView.contentAttributes.of({
      'aria-invalid': problem === null ? 'false' : 'true',
      ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
    });
    editor.current?.dispatch({ effects: attributes.current.reconfigure(described) });
  }, [problem, describedBy]);

  useEffect(() => {
    const view = editor.current;
    if (view === null) return;
    view.dispatch(setDiagnostics(view.state, problem === null ? [] : [diagnosticAt(view.state, problem)]));
  }, [problem]);

  return <div ref={place} className={styles.editor} />;
}

/** The word at the place, or its one character. */
function diagnosticAt(state: EditorState, problem: NonNullable<SqlEditorProps['problem']>): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(problem.line, 1), state.doc.lines));
  const at = Math.min(line.from + problem.column - 1, line.to);
  const word = state.wordAt(at);
  const from = word?.from ?? Math.min(at, Math.max(line.to - 1, line.from));
  const to = word?.to ?? Math.min(from + 1, state.doc.length);
  return { from, to, severity: 'error', message: problem.message };
}
