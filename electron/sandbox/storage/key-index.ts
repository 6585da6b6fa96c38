import { compareUtf8 } from '../../../shared/utf8-order.ts';

/** A run of neighbouring entries, packed in a snapshot until somebody needs one of them. */
export interface PackedLeaf<Entry> {
  readonly firstKey: string;
  readonly count: number;
  /** Entries in order of their keys; called once at most for each leaf. */
  unpack(): Entry[];
}

interface Leaf<Entry> {
  firstKey: string;
  entries: Entry[] | null;
  /** Null once the entries differ from what is packed. */
  packed: PackedLeaf<Entry> | null;
}

const LEAF_SIZE = 512;

/**
 * Keys in UTF-8 order, in leaves of at most 512 entries. Finding is two binary searches; inserting moves half a leaf at
 * most. A million keys are two thousand leaves, so one level above them is enough.
 */
export class KeyIndex<Entry extends { readonly key: string }> {
  #leaves: Leaf<Entry>[] = [];
  #size = 0;

  /** `packed` in order of keys. */
  constructor(packed: readonly PackedLeaf<Entry>[] = []) {
    this.#leaves = packed.map((leaf) => ({
      firstKey: leaf.firstKey,
      entries: null,
      packed: leaf,
    }));
    for (const leaf of packed) this.#size += leaf.count;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): Entry | null {
    const leaf = this.#leaves[this.#leafOf(key)];
    if (leaf === undefined) return null;
    const entries = entriesOf(leaf);
    const entry = entries[lowerBound(entries, (other) => compareUtf8(other, key) < 0)];
    return entry?.key === key ? entry : null;
  }

  /** Answers the entry that was there before. */
  set(entry: Entry): Entry | null {
    const position = this.#leafOf(entry.key);
    const leaf = this.#leaves[position];
    if (leaf === undefined) {
      this.#leaves.push({ firstKey: entry.key, entries: [entry], packed: null });
      this.#size += 1;
      return null;
    }
    const entries = entriesOf(leaf);
    const at = lowerBound(entries, (other) => compareUtf8(other, entry.key) < 0);
    const before = entries[at];
    leaf.packed = null;
    if (before?.key === entry.key) {
      entries[at] = entry;
      return before;
    }
    entries.splice(at, 0, entry);
    this.#size += 1;
    this.#settle(position, leaf, entries, at === entries.length - 1);
    return null;
  }

  /** Answers the entry that was there. */
  delete(key: string): Entry | null {
    const position = this.#leafOf(key);
    const leaf = this.#leaves[position];
    if (leaf === undefined) return null;
    const entries = entriesOf(leaf);
    const at = lowerBound(entries, (other) => compareUtf8(other, key) < 0);
    const before = entries[at];
    if (before?.key !== key) return null;
    entries.splice(at, 1);
    leaf.packed = null;
    this.#size -= 1;
    this.#settle(position, leaf, entries, false);
    return before;
  }

  /** Entries from the first one on whose key `isBefore` is false for; it must be true for a run of keys from the start. */
  *from(isBefore: (key: string) => boolean): Generator<Entry, void, undefined> {
    let position = Math.max(0, searchLeaves(this.#leaves, isBefore) - 1);
    for (let leaf = this.#leaves[position]; leaf !== undefined; leaf = this.#leaves[position]) {
      const entries = entriesOf(leaf);
      yield* entries.slice(lowerBound(entries, isBefore));
      position += 1;
    }
  }

  /**
   * Runs of entries, as an iteration that may pause while others write: an entry that is there all the time is given
   * exactly once. A run that is still packed as it was is given so; one that is not is good until the next write.
   */
  *runs(): Generator<PackedLeaf<Entry> | readonly Entry[], void, undefined> {
    let from: string | null = this.#leaves[0]?.firstKey ?? null;
    while (from !== null) {
      const start: string = from;
      const position = this.#leafOf(start);
      const leaf = this.#leaves[position];
      if (leaf === undefined) return;
      from = this.#leaves[position + 1]?.firstKey ?? null;
      if (compareUtf8(leaf.firstKey, start) >= 0) yield leaf.packed ?? entriesOf(leaf);
      // Leaves were taken away: this one begins before what is still to be given.
      else yield entriesOf(leaf).filter((entry) => compareUtf8(entry.key, start) >= 0);
    }
  }

  /** The leaf that holds `key` or would take it. */
  #leafOf(key: string): number {
    return Math.max(0, searchLeaves(this.#leaves, (first) => compareUtf8(first, key) <= 0) - 1);
  }

  #settle(position: number, leaf: Leaf<Entry>, entries: Entry[], appended: boolean): void {
    if (entries.length === 0) {
      this.#leaves.splice(position, 1);
      return;
    }
    if (entries.length > LEAF_SIZE) {
      // Keys that come in order fill their leaves; keys that come in between halve them.
      const cut = appended ? entries.length - 1 : entries.length >> 1;
      const right = entries.splice(cut);
      const firstKey = right[0]?.key ?? '';
      this.#leaves.splice(position + 1, 0, { firstKey, entries: right, packed: null });
    }
    leaf.firstKey = entries[0]?.key ?? leaf.firstKey;
  }
}

function entriesOf<Entry>(leaf: Leaf<Entry>): Entry[] {
  leaf.entries ??= leaf.packed?.unpack() ?? [];
  return leaf.entries;
}

function lowerBound(entries: readonly { readonly key: string }[], isBefore: (key: string) => boolean): number {
  return countBefore(entries.length, (at) => isBefore(entries[at]?.key ?? ''));
}

function searchLeaves(
  leaves: readonly { readonly firstKey: string }[],
  isBefore: (firstKey: string) => boolean,
): number {
  return countBefore(leaves.length, (at) => isBefore(leaves[at]?.firstKey ?? ''));
}

/** How many of the first `length` positions `isBefore` is true for, given that they are the first ones. */
function countBefore(length: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
