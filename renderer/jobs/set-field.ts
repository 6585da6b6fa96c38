import { findNode } from '../../shared/json/find-node.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { FieldSummary } from '../../shared/page.ts';
import type { NamedText, RecordDetail, RecordEdit } from '../../shared/record.ts';

/**
 * Where a name that was chosen or typed leads: the field found under it; else below a field that is there
 * (`address.city`); else a new field of exactly this name.
 */
export function pathOf(name: string, fields: readonly FieldSummary[]): readonly string[] {
  const found = fields.find(({ path }) => path.join('.') === name);
  if (found !== undefined) return found.path;
  const [root = '', ...below] = name.split('.');
  const isBelow = below.length > 0 && !below.includes('') && fields.some(({ path }) => path[0] === root);
  return isBelow ? [root, ...below] : [name];
}

/** What an edit makes of one record, as JSON texts; null where there is no value. */
export interface EditExample {
  readonly before: string | null;
  readonly after: string | null;
  /** What the value would have to be in, which this record does not have; null where all is well. */
  readonly missingParent: string | null;
}

export function exampleOf(record: Pick<RecordDetail, RecordEdit['part']>, edit: RecordEdit): EditExample {
  const [name, ...below] = edit.path;
  const named: NamedText | undefined = record[edit.part].find((member) => member.name === name);
  const textAt = (path: RecordEdit['path']): string | null => {
    if (named === undefined) return null;
    const node = findNode(readJson(named.text), path);
    return node === null ? null : named.text.slice(node.start, node.end);
  };
  const before = textAt(below);
  const parentIsThere = below.length === 0 || textAt(below.slice(0, -1)) !== null;
  return {
    before,
    after: edit.text,
    missingParent: parentIsThere ? null : edit.path.slice(0, -1).join('.'),
  };
}
