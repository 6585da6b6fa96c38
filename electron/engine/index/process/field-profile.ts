import type { JsonNode } from '../../../../shared/json/node.ts';
import type { DecodedMember, DecodedRecord } from '../../records/codec.ts';
import { DEEPEST_SLOT_PATH, lastMembers, type SlotColumn } from '../slots.ts';

/** Paths that are told apart; a dictionary with a name of its own in each record must not fill the memory. */
const MOST_PATHS = 5_000;

/** As a query sees them: a field called `metadata` hides a record's own metadata. */
export type Part = 'fields' | 'metadata';

/** What is known of one path: how many records have a value of each kind there, and where its values are kept. */
export interface FieldEntry {
  readonly part: Part;
  /** The field's name, then names of members below it. */
  readonly path: readonly string[];
  /** Records by the kind of their value, by the number of the kind (`SLOT_KINDS`). */
  readonly counts: number[];
  /** Records that have the path. */
  seen: number;
  /** Number of its slot; null while too few records have the path. */
  slot: number | null;
  /** Columns of the slot. */
  readonly columns: Set<SlotColumn>;
  /** In the order of the records. */
  readonly children: FieldEntry[];
  readonly childrenByName: Map<string, FieldEntry>;
}

/** All paths of a collection. Counts are exact: what is replaced or deleted is subtracted. */
export class FieldProfile {
  readonly #roots: Readonly<Record<Part, FieldEntry>> = {
    fields: newEntry('fields', []),
    metadata: newEntry('metadata', []),
  };
  #paths = 0;
  #isWhole = true;

  /** False once a path was left out for want of room: then a path that is not here may still be in a record. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  topLevel(part: Part): readonly FieldEntry[] {
    return this.#roots[part].children;
  }

  /** The entry of a path; `absent` where no record has it; `deeper` where a record may have it below what is followed. */
  find(part: Part, path: readonly string[]): FieldEntry | 'absent' | 'deeper' {
    let entry = this.#roots[part];
    for (const [depth, name] of path.entries()) {
      if (depth >= DEEPEST_SLOT_PATH) return 'deeper';
      const child = entry.childrenByName.get(name);
      if (child === undefined) return this.#isWhole ? 'absent' : 'deeper';
      entry = child;
    }
    return entry;
  }

  /** Every entry but the two roots, parents before their children. */
  *entries(): Generator<FieldEntry, void, undefined> {
    const waiting = [...this.#roots.fields.children, ...this.#roots.metadata.children];
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      yield entry;
      waiting.unshift(...entry.children);
    }
  }

  /** Finds or makes the entry of a path, for a profile that was kept in the file. */
  restore(part: Part, path: readonly string[]): FieldEntry {
    let entry = this.#roots[part];
    for (const name of path) {
      let child = entry.childrenByName.get(name);
      if (child === undefined) {
        child = newEntry(part, [...entry.path, name]);
        entry.children.push(child);
        entry.childrenByName.set(name, child);
        this.#paths += 1;
        if (this.#paths >= MOST_PATHS) this.#isWhole = false;
      }
      entry = child;
    }
    return entry;
  }

  /**
   * Calls `visit` for every value of a record that has an entry, making entries for paths not seen before. The values are
   * those of `visitValues` (slots.ts), in a walk that finds the entries on its way.
   */
  visit(record: DecodedRecord, visit: (entry: FieldEntry, value: JsonNode) => void): void {
    this.#visitMembers(this.#roots.fields, record.fields, visit);
    const hiding = record.fields.find((field) => field.name === 'metadata');
    if (hiding === undefined) this.#visitMembers(this.#roots.metadata, record.metadata, visit);
    else if (hiding.value.kind === 'object') {
      this.#visitMembers(this.#roots.metadata, lastMembers(hiding.value.members), visit);
    }
  }

  #visitMembers(
    root: FieldEntry,
    members: Iterable<DecodedMember>,
    visit: (entry: FieldEntry, value: JsonNode) => void,
  ): void {
    let before: FieldEntry | null = null;
    for (const { name, value } of members) {
      const entry: FieldEntry | null = root.childrenByName.get(name) ?? this.#insert(root, name, before);
      if (entry === null) continue;
      before = entry;
      visit(entry, value);
      // The depth of the walk, and so of this recursion, is bounded.
      if (value.kind === 'object' && entry.path.length < DEEPEST_SLOT_PATH) {
        this.#visitMembers(entry, lastMembers(value.members), visit);
      }
    }
  }

  /** A new name comes right behind the one that stands before it in the record, so that records' own order is kept. */
  #insert(parent: FieldEntry, name: string, before: FieldEntry | null): FieldEntry | null {
    if (this.#paths >= MOST_PATHS) {
      this.#isWhole = false;
      return null;
    }
    const entry = newEntry(parent.part, [...parent.path, name]);
    parent.childrenByName.set(name, entry);
    if (before === null) parent.children.unshift(entry);
    else parent.children.splice(parent.children.indexOf(before) + 1, 0, entry);
    this.#paths += 1;
    return entry;
  }
}

function newEntry(part: Part, path: readonly string[]): FieldEntry {
  return {
    part,
    path,
    counts: [],
    seen: 0,
    slot: null,
    columns: new Set(),
    children: [],
    childrenByName: new Map(),
  };
}
