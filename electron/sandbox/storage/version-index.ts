import { KeyIndex, type PackedLeaf } from './key-index.ts';
import type { DeleteMarker, EntryVersion, ObjectEntry, Versioning } from './storage.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';

/** What a key has beside a current object; oldest first, never empty. */
export interface KeyHistory<Version> {
  readonly key: string;
  readonly versions: readonly Version[];
}

export const NULL_VERSION = 'null';

export function versionId({ version }: Pick<ObjectEntry, 'version'>): string {
  return version?.id ?? NULL_VERSION;
}

export function isMarker<Marker extends DeleteMarker>(version: ObjectEntry | Marker): version is Marker {
  return 'marker' in version;
}

export function versionIdOf(order: number): string {
  return order.toString(16).padStart(16, '0');
}

/** Numbers writes so that later ones sort behind, also over a restart and when the clock is set back. */
export class WriteOrder {
  #last: number;

  constructor(last = 0) {
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  /** Undefined in a bucket that never kept versions. */
  newVersion(versioning: Versioning): EntryVersion | undefined {
    if (versioning === 'off') return undefined;
    // Microseconds stay exact in a double for two centuries more.
    this.#last = Math.max(this.#last + 1, Date.now() * 1000);
    return { id: versioning === 'enabled' ? versionIdOf(this.#last) : NULL_VERSION, order: this.#last };
  }
}

/**
 * The versions of a bucket's objects. Current objects have an index of their own, so that one that keeps no versions
 * costs nothing more; all else is a history by key: earlier versions, and delete markers also where they are the latest.
 */
export class VersionIndex<Entry extends ObjectEntry, Marker extends DeleteMarker> {
  readonly current: KeyIndex<Entry>;
  readonly history: KeyIndex<KeyHistory<Entry | Marker>>;
  #moved: Set<string> | null = null;

  constructor(
    current: readonly PackedLeaf<Entry>[] = [],
    history: readonly PackedLeaf<KeyHistory<Entry | Marker>>[] = [],
  ) {
    this.current = new KeyIndex(current);
    this.history = new KeyIndex(history);
  }

  /** Keys that have any version. */
  get isEmpty(): boolean {
    return this.current.size === 0 && this.history.size === 0;
  }

  /** The latest version where `id` is null: an object or a delete marker. */
  find(key: string, id: string | null): Entry | Marker | null {
    const current = this.current.get(key);
    if (current !== null && (id === null || versionId(current) === id)) return current;
    const past = this.history.get(key)?.versions;
    if (past === undefined) return null;
    return (id === null ? past.at(-1) : past.findLast((version) => versionId(version) === id)) ?? null;
  }

  /** Puts a version where its order belongs; answers the one of the same id that it takes the place of. */
  add(version: Entry | Marker): Entry | Marker | null {
    const { key } = version;
    const id = versionId(version);
    const past = this.history.get(key)?.versions;
    if (past === undefined && !isMarker(version)) {
      const current = this.current.get(key);
      if (current === null || versionId(current) === id) return this.current.set(version);
    }
    const versions = this.#all(key);
    const at = versions.findLastIndex((other) => versionId(other) === id);
    const [replaced = null] = at === -1 ? [] : versions.splice(at, 1);
    const order = version.version?.order ?? 0;
    versions.splice(versions.findLastIndex((other) => (other.version?.order ?? 0) < order) + 1, 0, version);
    this.#store(key, versions);
    return replaced;
  }

  /** Answers what was there. */
  remove(key: string, id: string): Entry | Marker | null {
    const current = this.current.get(key);
    if (this.history.get(key) === null) {
      return current !== null && versionId(current) === id ? this.current.delete(key) : null;
    }
    const versions = this.#all(key);
    const at = versions.findLastIndex((version) => versionId(version) === id);
    const [removed = null] = at === -1 ? [] : versions.splice(at, 1);
    if (removed !== null) this.#store(key, versions);
    return removed;
  }

  /** The versions of one key after the other, latest first; `isBefore` as in KeyIndex. */
  *from(isBefore: (key: string) => boolean): Generator<readonly (Entry | Marker)[], void, undefined> {
    const currents = this.current.from(isBefore);
    const pasts = this.history.from(isBefore);
    let current = currents.next();
    let past = pasts.next();
    while (!current.done || !past.done) {
      const order = current.done ? 1 : past.done ? -1 : compareUtf8(current.value.key, past.value.key);
      const versions: (Entry | Marker)[] = [];
      if (order <= 0 && !current.done) {
        versions.push(current.value);
        current = currents.next();
      }
      if (order >= 0 && !past.done) {
        versions.push(...past.value.versions.toReversed());
        past = pasts.next();
      }
      yield versions;
    }
  }

  /**
   * From now on notes the keys whose versions may have gone from one of the two indexes to the other: who walks both,
   * pausing in between, could have missed those. Answers what tells them, and ends it.
   */
  noteMoves(): () => readonly string[] {
    this.#moved = new Set();
    return () => {
      const moved = [...(this.#moved ?? [])];
      this.#moved = null;
      return moved;
    };
  }

  /** All versions of one key, oldest first. */
  versionsOf(key: string): readonly (Entry | Marker)[] {
    return this.#all(key);
  }

  #all(key: string): (Entry | Marker)[] {
    const current = this.current.get(key);
    const versions = [...(this.history.get(key)?.versions ?? [])];
    if (current !== null) versions.push(current);
    return versions;
  }

  #store(key: string, versions: readonly (Entry | Marker)[]): void {
    this.#moved?.add(key);
    const latest = versions.at(-1);
    const isObject = latest !== undefined && !isMarker(latest);
    if (isObject) this.current.set(latest);
    else this.current.delete(key);
    const past = isObject ? versions.slice(0, -1) : versions;
    if (past.length > 0) this.history.set({ key, versions: past });
    else this.history.delete(key);
  }
}
