import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { findNode } from '../../shared/json/find-node.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copy-text.ts';
import type { MenuEntry } from '../ui/MenuEntries.tsx';
import { type Editing, editsOf, editValue, undoValue } from './editing.ts';
import { CHILDREN_AT_ONCE, type FieldRow as Row, fieldRows } from './field-rows.ts';
import { FieldRow } from './FieldRow.tsx';
import styles from './FieldRow.module.css';
import { type RecordDocument, type RecordPart, type RecordPath, treeOf } from './record-document.ts';
import { type EditKind, editKindOf, jsonOf, typedText, valueProblem } from './value-kind.ts';

export interface OpenEditor {
  readonly id: string;
  readonly kind: EditKind;
  readonly typed: string;
  /** JSON text of the value before, which Escape brings back; null where there was none. */
  readonly before: string | null;
  /** Opened by typing on the row. */
  readonly byTyping?: boolean;
}

export interface FieldTreeProps {
  readonly label: string;
  readonly part: RecordPart;
  readonly editing: Editing;
  readonly editor: OpenEditor | null;
  readonly onEditor: (editor: OpenEditor | null) => void;
  readonly onEdit: (editing: Editing) => void;
  /** What stands in the open editor is no value yet; null once it is. */
  readonly onProblem: (problem: string | null) => void;
  /** Why this value cannot be edited; null where it can. */
  readonly lockedReason: (path: RecordPath) => string | null;
}

/** The values of one part as a tree: one row a value, nested ones opened on demand, edited in place. */
export function FieldTree({ label, part, editing, editor, onEditor, onEdit, onProblem, lockedReason }: FieldTreeProps) {
  const tree = useRef<HTMLDivElement>(null);
  const [expanded, setExpanded] = useState<ReadonlyMap<string, number>>(new Map());
  const [current, setCurrent] = useState<string | null>(null);
  const openBefore = useRef<string | null>(null);
  const { base, now } = editing;
  const rows = useMemo(
    () => (base === null || now === null ? [] : fieldRows({ part, base, now, edits: editsOf(editing), expanded })),
    [base, editing, expanded, now, part],
  );
  const fields = rows.filter((row) => row.type === 'field');
  const tabStop = fields.some((row) => row.id === current) ? current : (fields[0]?.id ?? null);

  // A closing editor takes the focus with it; its row gets it back.
  useEffect(() => {
    const closed = editor === null ? openBefore.current : null;
    openBefore.current = editor?.id ?? null;
    if (closed !== null && document.activeElement === document.body) focusRow(tree.current, closed);
  }, [editor]);

  function open(row: Row, kind?: EditKind, typed?: string): void {
    if (now === null || lockedReason(row.path) !== null || row.state === 'removed') return;
    const node = findNode(treeOf(now, part), row.path);
    if (node === null) return;
    const wanted = kind ?? editKindOf(node);
    onProblem(null);
    onEditor({
      id: row.id,
      kind: wanted,
      typed: typed ?? typedText(wanted, node, now[part]),
      before: now[part].slice(node.start, node.end),
      byTyping: typed !== undefined,
    });
    if (typed !== undefined) take(row, valueProblem(wanted, typed) ?? { text: jsonOf(wanted, typed) });
    setCurrent(row.id);
  }

  /** What stands in the editor: a value, or why it is none yet. */
  function take(row: Row, standing: { readonly text: string } | string): void {
    onProblem(typeof standing === 'string' ? standing : null);
    if (typeof standing !== 'string') onEdit(editValue(editing, part, row.path, standing.text));
  }

  function close(): void {
    onProblem(null);
    onEditor(null);
  }

  function toggle(row: Row): void {
    const next = new Map(expanded);
    if (row.expanded) next.delete(row.id);
    else next.set(row.id, CHILDREN_AT_ONCE);
    setExpanded(next);
  }

  function move(row: Row, step: number): void {
    const at = fields.findIndex((candidate) => candidate.id === row.id);
    const target = fields[Math.max(0, Math.min(fields.length - 1, at + step))];
    if (target !== undefined) focusRow(tree.current, target.id);
  }

  function handleKeyDown(row: Row, event: KeyboardEvent<HTMLElement>): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const parent = row.depth > 0 ? row.path.slice(0, -1) : null;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(row, 1),
      ArrowUp: () => move(row, -1),
      Home: () => move(row, -fields.length),
      End: () => move(row, fields.length),
      ArrowRight: () => (row.expandable && !row.expanded ? toggle(row) : move(row, 1)),
      ArrowLeft: () => {
        if (row.expanded) toggle(row);
        else if (parent !== null) focusRow(tree.current, JSON.stringify([part, ...parent]));
      },
      Enter: () => open(row),
      F2: () => open(row),
      Delete: () => remove(row),
      Backspace: () => remove(row),
    };
    const action = actions[event.key];
    if (action !== undefined) action();
    else if (event.key.length === 1 && event.key !== ' ') startTyping(row, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Typing on a row replaces its value, as in a table; a list or object is not replaced by a slip of the hand. */
  function startTyping(row: Row, character: string): void {
    if (row.value.kind === 'object' || row.value.kind === 'list' || row.value.kind === 'boolean') return;
    open(row, row.value.kind === 'null' ? 'string' : row.value.kind, character);
  }

  function remove(row: Row): void {
    if (row.state === 'removed' || lockedReason(row.path) !== null) return;
    onEdit(editValue(editing, part, row.path, null));
  }

  function addInside(row: Row): void {
    if (now === null) return;
    const node = findNode(treeOf(now, part), row.path);
    if (node?.kind !== 'array' && node?.kind !== 'object') return;
    const step = node.kind === 'array' ? node.items.length : freeName(node.members.map((member) => member.name));
    const path = [...row.path, step];
    onEdit(editValue(editing, part, path, 'null'));
    setExpanded(new Map(expanded).set(row.id, Math.max(expanded.get(row.id) ?? 0, row.value.size + 1)));
    setCurrent(JSON.stringify([part, ...path]));
    onEditor({ id: JSON.stringify([part, ...path]), kind: 'string', typed: '', before: 'null' });
  }

  function entriesOf(row: Row): readonly MenuEntry[] {
    const locked = lockedReason(row.path);
    const removed = row.state === 'removed' ? 'It is removed; undo that first.' : locked;
    return [
      { id: 'edit', label: 'Edit value', icon: 'edit', shortcut: '↵', disabledReason: removed, run: () => open(row) },
      ...(row.value.kind === 'list' || row.value.kind === 'object'
        ? [
            {
              id: 'add',
              label: row.value.kind === 'list' ? 'Add item' : 'Add member',
              icon: 'plus' as const,
              disabledReason: removed,
              run: () => addInside(row),
            },
          ]
        : [
            {
              id: 'json',
              label: 'Edit as JSON',
              icon: 'braces' as const,
              disabledReason: removed,
              run: () => open(row, 'json'),
            },
          ]),
      {
        id: 'copy',
        label: 'Copy value',
        icon: 'copy',
        separator: true,
        run: () => void copyText(now === null ? '' : valueText(now, part, row)),
      },
      { id: 'copy-name', label: 'Copy name', run: () => void copyText(row.name) },
      {
        id: 'remove',
        label: typeof row.path.at(-1) === 'number' ? 'Remove item' : 'Remove field',
        icon: 'trash',
        shortcut: 'Del',
        danger: true,
        separator: true,
        disabledReason: removed,
        run: () => remove(row),
      },
    ];
  }

  return (
    <div ref={tree} role="tree" aria-label={label}>
      {rows.map((row) =>
        row.type === 'more' ? (
          <div key={row.id} className={styles.moreRow} style={{ ['--depth' as string]: Math.min(row.depth, 6) }}>
            <Button
              kind="link"
              onClick={() =>
                setExpanded(
                  new Map(expanded).set(row.of, (expanded.get(row.of) ?? CHILDREN_AT_ONCE) + CHILDREN_AT_ONCE),
                )
              }
            >
              {`Show ${Math.min(row.hidden, CHILDREN_AT_ONCE)} more of ${row.hidden}`}
            </Button>
          </div>
        ) : (
          <FieldRow
            key={row.id}
            row={row}
            current={row.id === tabStop}
            editor={editor?.id === row.id ? editor : null}
            entries={() => entriesOf(row)}
            lockedReason={lockedReason(row.path)}
            onToggle={() => toggle(row)}
            onEdit={() => open(row)}
            onUndo={() => onEdit(undoValue(editing, part, row.path))}
            onFocus={() => setCurrent(row.id)}
            onKeyDown={(event) => handleKeyDown(row, event)}
            onChange={(text, problem) => take(row, text === null ? (problem ?? '') : { text })}
            onDone={() => close()}
            onCancel={() => {
              onEdit(editValue(editing, part, row.path, editor?.before ?? null));
              close();
            }}
          />
        ),
      )}
    </div>
  );
}

function focusRow(tree: HTMLElement | null, id: string): void {
  const row = tree?.querySelector(`[data-row="${CSS.escape(id)}"]`);
  if (row instanceof HTMLElement) row.focus();
}

function valueText(document: RecordDocument, part: RecordPart, row: Row): string {
  const node = findNode(treeOf(document, part), row.path);
  if (node === null) return row.value.text;
  return node.kind === 'string' ? node.value : document[part].slice(node.start, node.end);
}

function freeName(taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'new' : `new ${number}`;
    if (!taken.includes(name)) return name;
  }
}
