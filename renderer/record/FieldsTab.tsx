import { useState } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { TypeGlyph } from '../ui/TypeGlyph.tsx';
import { AddField } from './AddField.tsx';
import { type Editing, editValue } from './editing.ts';
import { rowId } from './field-rows.ts';
import { FieldTree, type OpenEditor } from './FieldTree.tsx';
import styles from './FieldsTab.module.css';
import { type RecordDocument, type RecordPart, type RecordPath, treeOf } from './record-document.ts';
import type { EditKind } from './value-kind.ts';

/** Fields of the collection that a record lacks and that are shown before "more" is pressed. */
const MISSING_AT_ONCE = 12;

export interface FieldsTabProps {
  readonly editing: Editing;
  /** Fields found in the collection; those that this record lacks are offered. */
  readonly known: readonly FieldSummary[];
  readonly lockedReason: string | null;
  readonly onEdit: (editing: Editing) => void;
  readonly onProblem: (problem: string | null) => void;
}

export function FieldsTab({ editing, known, lockedReason, onEdit, onProblem }: FieldsTabProps) {
  const [editor, setEditor] = useState<OpenEditor | null>(null);
  const [allMissing, setAllMissing] = useState(false);
  const [shownDetail, setShownDetail] = useState(editing.detail);
  const { now, detail } = editing;
  if (shownDetail !== detail) {
    // The record was read anew: what an open editor would bring back on Escape is no longer what is in S3.
    setShownDetail(detail);
    setEditor(null);
  }
  if (now === null) return null;
  const names = namesOf(now, 'fields');
  const missing = known.filter((field) => field.path.length === 1 && !names.has(field.path[0] ?? ''));

  function add(part: RecordPart, name: string, kind: EditKind): void {
    const [text, typed] = FIRST_VALUES[kind];
    onEdit(editValue(editing, part, [name], text));
    onProblem(null);
    setEditor({ id: rowId(part, [name]), kind, typed, before: null });
  }

  function lockedAt(part: RecordPart, path: RecordPath): string | null {
    if (lockedReason !== null) return lockedReason;
    return part === 'metadata' && path[0] === 'updated_at' ? 'Every save sets it.' : null;
  }

  const tree = (part: RecordPart, label: string) => (
    <FieldTree
      label={label}
      part={part}
      editing={editing}
      editor={editor}
      onEditor={setEditor}
      onEdit={onEdit}
      onProblem={onProblem}
      lockedReason={(path) => lockedAt(part, path)}
    />
  );
  return (
    <div className={styles.fields}>
      <div className={styles.id}>
        <TypeGlyph kind="id" />
        <span>id</span>
        <span className={styles.idValue}>
          <span className={styles.idText}>{detail.id === '' ? '""' : detail.id}</span>
          <CopyButton iconOnly name="Copy id" text={detail.id} />
        </span>
      </div>
      {tree('fields', 'Fields')}
      {(allMissing ? missing : missing.slice(0, MISSING_AT_ONCE)).map((field) => (
        <div key={field.path[0]} className={styles.missing}>
          <TypeGlyph kind={field.kind} />
          <span className={styles.missingName}>{field.path[0]}</span>
          <span className={styles.missingValue}>
            missing
            <IconButton
              small
              icon="plus"
              name={`Add ${field.path[0] ?? ''}`}
              disabledReason={lockedReason}
              onClick={() => add('fields', field.path[0] ?? '', firstKind(field))}
            />
          </span>
        </div>
      ))}
      {allMissing || missing.length <= MISSING_AT_ONCE ? null : (
        <div className={styles.link}>
          <Button kind="link" onClick={() => setAllMissing(true)}>
            {`Show ${missing.length - MISSING_AT_ONCE} more missing fields`}
          </Button>
        </div>
      )}
      <div className={styles.foot}>
        <AddField
          label="Add field"
          taken={names}
          disabledReason={lockedReason}
          onAdd={(name) => add('fields', name, 'string')}
        />
      </div>
      {detail.form === 'plain' ? null : (
        <>
          <h3 className={styles.head}>Metadata</h3>
          {tree('metadata', 'Metadata')}
          <div className={styles.foot}>
            <AddField
              label="Add metadata"
              taken={namesOf(now, 'metadata')}
              disabledReason={lockedReason}
              onAdd={(name) => add('metadata', name, 'string')}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** By kind: the value a new field has until something is typed, and what its editor then shows. */
const FIRST_VALUES: Readonly<Record<EditKind, readonly [string, string]>> = {
  string: ['""', ''],
  date: ['""', ''],
  number: ['0', '0'],
  boolean: ['true', 'true'],
  null: ['null', 'null'],
  json: ['{}', '{}'],
};

function firstKind(field: FieldSummary): EditKind {
  return field.kind === 'list' || field.kind === 'object' ? 'json' : field.kind === 'null' ? 'string' : field.kind;
}

function namesOf(document: RecordDocument, part: RecordPart): ReadonlySet<string> {
  const root = treeOf(document, part);
  return new Set(root.kind === 'object' ? root.members.map((member) => member.name) : []);
}
