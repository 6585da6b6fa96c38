import type { JsonMember, JsonNode } from '../../shared/json/node.ts';
import { findNode } from '../../shared/json/find-node.ts';
import type { FieldKind } from '../../shared/page.ts';
import type { RecordEdit } from '../../shared/record.ts';
import { treeOf, type RecordDocument, type RecordPart, type RecordPath } from './record-document.ts';
import { kindOf } from './value-kind.ts';

/** Children of one value that are shown before "more" has to be pressed: a list can have a million. */
export const CHILDREN_AT_ONCE = 200;

export interface ShownValue {
  readonly kind: FieldKind;
  /** The string itself; for the rest the JSON text, empty for lists and objects. */
  readonly text: string;
  /** Members or items of an object or list. */
  readonly size: number;
}

export interface FieldRow {
  readonly type: 'field';
  readonly id: string;
  readonly part: RecordPart;
  readonly path: RecordPath;
  readonly name: string;
  readonly depth: number;
  readonly state: 'same' | 'changed' | 'added' | 'removed';
  /** The value now; where it is removed, the value that was. */
  readonly value: ShownValue;
  /** The value in S3 where it is another one; null where there was none. */
  readonly was: ShownValue | null;
  /** A value somewhere inside is changed. */
  readonly changedInside: boolean;
  readonly expandable: boolean;
  readonly expanded: boolean;
}

export interface MoreRow {
  readonly type: 'more';
  readonly id: string;
  /** Id of the row whose children these are. */
  readonly of: string;
  readonly depth: number;
  readonly hidden: number;
}

export type Row = FieldRow | MoreRow;

export function rowId(part: RecordPart, path: RecordPath): string {
  return JSON.stringify([part, ...path]);
}

export interface RowsWanted {
  readonly part: RecordPart;
  readonly base: RecordDocument;
  readonly now: RecordDocument;
  /** `editsBetween(base, now)`. */
  readonly edits: readonly RecordEdit[];
  /** Row id → how many children are shown. */
  readonly expanded: ReadonlyMap<string, number>;
}

interface Child {
  readonly step: string | number;
  readonly now: JsonNode | null;
  readonly base: JsonNode | null;
}

/** Where edits are, as a tree: an edit can lie 20,000 levels deep, and only what is shown is asked for. */
interface EditedPlace {
  edited: boolean;
  readonly inside: Map<string | number, EditedPlace>;
}

type Task =
  | (Child & { readonly path: RecordPath; readonly depth: number; readonly place: EditedPlace | undefined })
  | MoreRow;

/**
 * The rows of one part, top to bottom, removed values in their old place. Only what is expanded is walked, in a loop:
 * records nest without limit.
 */
export function fieldRows({ part, base, now, edits, expanded }: RowsWanted): readonly Row[] {
  const nowText = now[part];
  const baseText = base[part];
  const edited = editedPlaces(edits.filter((edit) => edit.part === part));
  const rows: Row[] = [];
  const tasks: Task[] = [];
  const rootId = rowId(part, []);
  pushChildren(
    rootId,
    [],
    0,
    childrenOf(treeOf(now, part), treeOf(base, part)),
    expanded.get(rootId) ?? CHILDREN_AT_ONCE,
    edited,
  );
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if ('type' in task) {
      rows.push(task);
      continue;
    }
    const { path, depth, place } = task;
    const id = rowId(part, path);
    const node = task.now ?? task.base;
    if (node === null) continue;
    const removed = task.now === null;
    const children = task.now === null ? [] : childrenOf(task.now, task.base);
    const shown = expanded.get(id) ?? 0;
    const changed = place?.edited ?? false;
    rows.push({
      type: 'field',
      id,
      part,
      path,
      name: String(task.step),
      depth,
      state: removed ? 'removed' : !changed ? 'same' : task.base === null ? 'added' : 'changed',
      value: shownValue(node, removed ? baseText : nowText),
      was: changed && task.base !== null && !removed ? shownValue(task.base, baseText) : null,
      changedInside: (place?.inside.size ?? 0) > 0,
      expandable: children.length > 0,
      expanded: shown > 0 && children.length > 0,
    });
    if (shown > 0) pushChildren(id, path, depth + 1, children, shown, place);
  }
  return rows;

  /** The first ones, and whatever is changed among the rest: an edit is never out of sight. */
  function pushChildren(
    of: string,
    path: RecordPath,
    depth: number,
    children: readonly Child[],
    shown: number,
    place: EditedPlace | undefined,
  ): void {
    const visible = children.filter((child, index) => index < shown || place?.inside.has(child.step) === true);
    const hidden = children.length - visible.length;
    if (hidden > 0) tasks.push({ type: 'more', id: `${of} more`, of, depth, hidden });
    for (const child of visible.toReversed()) {
      tasks.push({ ...child, path: [...path, child.step], depth, place: place?.inside.get(child.step) });
    }
  }
}

function editedPlaces(edits: readonly RecordEdit[]): EditedPlace {
  const root: EditedPlace = { edited: false, inside: new Map() };
  for (const { path } of edits) {
    let place = root;
    for (const step of path) {
      const next = place.inside.get(step) ?? { edited: false, inside: new Map<string | number, EditedPlace>() };
      place.inside.set(step, next);
      place = next;
    }
    place.edited = true;
  }
  return root;
}

function childrenOf(now: JsonNode, base: JsonNode | null): readonly Child[] {
  if (now.kind === 'array') {
    // Lists of different lengths differ as a whole: their items have no "was" of their own.
    const before = base?.kind === 'array' && base.items.length === now.items.length ? base.items : now.items;
    return now.items.map((item, index) => ({ step: index, now: item, base: before[index] ?? null }));
  }
  if (now.kind !== 'object') return [];
  const members = lastOfEach(now.members);
  if (base?.kind !== 'object') return [...members].map(([step, node]) => ({ step, now: node, base: node }));
  const before = lastOfEach(base.members);
  const children: Child[] = [...before].map(([step, node]) => ({ step, now: members.get(step) ?? null, base: node }));
  for (const [step, node] of members) if (!before.has(step)) children.push({ step, now: node, base: null });
  return children;
}

function lastOfEach(members: readonly JsonMember[]): ReadonlyMap<string, JsonNode> {
  const values = new Map<string, JsonNode>();
  for (const member of members) values.set(member.name, member.value);
  return values;
}

export function shownValue(node: JsonNode, source: string): ShownValue {
  switch (node.kind) {
    case 'object':
      return { kind: 'object', text: '', size: new Set(node.members.map((member) => member.name)).size };
    case 'array':
      return { kind: 'list', text: '', size: node.items.length };
    case 'string':
      return { kind: kindOf(node), text: node.value, size: 0 };
    case 'number':
    case 'boolean':
    case 'null':
      return { kind: node.kind, text: source.slice(node.start, node.end), size: 0 };
  }
}

/** The name people know a record by: its title, name or label, else its id. */
export function recordTitle(document: RecordDocument | null, id: string): string {
  if (document === null) return id;
  const root = treeOf(document, 'fields');
  for (const name of ['title', 'name', 'label', 'Title', 'Name', 'Label']) {
    const node = findNode(root, [name]);
    if (node?.kind === 'string' && node.value.trim() !== '') return node.value;
  }
  return id;
}
