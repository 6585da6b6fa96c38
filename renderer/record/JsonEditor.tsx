import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorColours, editorLook } from '../ui/editor-look.ts';
import styles from './JsonEditor.module.css';
import { useLatest } from './use-latest.ts';

export interface JsonEditorProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Where the text is not JSON; null where it is. */
  readonly problem: { readonly message: string; readonly offset: number } | null;
  readonly readOnly?: boolean;
  readonly describedBy?: string | undefined;
}

/** Marks a change that came from outside, so that it is not reported back as typed. */
const fromOutside = Annotation.define<boolean>();

/** JSON as text: line numbers, search (Mod+F), undo, and a mark where our own reader stops. */
export function JsonEditor({ label, text, onChange, problem, readOnly = false, describedBy }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const report = useLatest(onChange);
  const first = useRef(text);

  useEffect(() => {
    if (place.current === null) return undefined;
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          bracketMatching(),
          json(),
          indentUnit.of('  '),
          syntaxHighlighting(editorColours),
          search({ top: true }),
          keymap.of([...searchKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorState.readOnly.of(readOnly),
          // One kind of line break splits lines and is written back; the other stays a character inside of a line.
          EditorState.lineSeparator.of(lineBreakOf(first.current)),
          EditorView.contentAttributes.of({
            'aria-label': label,
            // Said outright: that what is editable can be focused is not known to every tool that checks it.
            tabindex: '0',
            ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
          }),
          ...(hasLineAbove(first.current, LONGEST_WRAPPED) ? [] : [EditorView.lineWrapping]),
          editorLook,
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            if (update.transactions.some((transaction) => transaction.annotation(fromOutside) === true)) return;
            report.current(update.state.sliceDoc());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, [label, readOnly, describedBy, report]);

  useEffect(() => {
    first.current = text;
    const view = editor.current;
    if (view === null || view.state.sliceDoc() === text) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      annotations: fromOutside.of(true),
    });
  }, [text]);

  useEffect(() => {
    const view = editor.current;
    if (view === null) return;
    view.dispatch(setDiagnostics(view.state, problem === null ? [] : [diagnosticAt(view.state, problem)]));
  }, [problem]);

  return <div ref={place} className={styles.editor} />;
}

/** Characters. Laying a longer line out takes the browser a second and more; unwrapped, only the part in view is laid out. */
const LONGEST_WRAPPED = 100_000;

function hasLineAbove(text: string, length: number): boolean {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    if ((end === -1 ? text.length : end) - start > length) return true;
    if (end === -1) return false;
    start = end + 1;
  }
  return false;
}

function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function diagnosticAt(state: EditorState, problem: { readonly message: string; readonly offset: number }): Diagnostic {
  // In the editor's positions a line break counts one, whatever its text.
  const breaks = state.sliceDoc().slice(0, problem.offset).split(state.lineBreak).length - 1;
  const at = problem.offset - breaks * (state.lineBreak.length - 1);
  const from = Math.min(at, Math.max(0, state.doc.length - 1));
  return { from, to: Math.min(from + 1, state.doc.length), severity: 'error', message: problem.message };
}
