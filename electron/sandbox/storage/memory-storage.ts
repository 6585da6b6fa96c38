import { KeyIndex } from './key-index.ts';
import {
  wholeSeconds,
  type BodyWriter,
  type Bucket,
  type NewObject,
  type ObjectEntry,
  type ObjectFacts,
  type ObjectTag,
  type OpenedObject,
  type SandboxStorage,
  type StoredBody,
  type WriteCheck,
} from './storage.ts';
import { compareUtf8 } from './utf8-order.ts';

interface MemoryEntry extends ObjectEntry {
  readonly facts: ObjectFacts;
  readonly bytes: Uint8Array;
}

/** Keeps everything in memory: for tests, and for `dipper sandbox --memory`. */
export function createMemoryStorage(): SandboxStorage {
  const buckets = new Map<string, MemoryBucket>();
  return {
    buckets: () => [...buckets.values()].toSorted((left, right) => compareUtf8(left.name, right.name)),
    bucket: (name) => buckets.get(name) ?? null,
    createBucket: async (name) => {
      if (!buckets.has(name)) buckets.set(name, new MemoryBucket(name));
    },
    deleteBucket: async (name) => {
      if ((buckets.get(name)?.index.size ?? 0) > 0) return false;
      buckets.delete(name);
      return true;
    },
    writeBody: async () => new MemoryWriter(),
    close: async () => buckets.clear(),
  };
}

class MemoryBucket implements Bucket {
  readonly name: string;
  readonly created = Date.now();
  readonly index = new KeyIndex<MemoryEntry>();

  constructor(name: string) {
    this.name = name;
  }

  async open(key: string): Promise<OpenedObject | null> {
    const entry = this.index.get(key);
    if (entry === null) return null;
    return {
      entry,
      facts: entry.facts,
      read: (start, end) => entry.bytes.subarray(start, end),
      close: async () => undefined,
    };
  }

  async put(object: NewObject, check: WriteCheck): Promise<ObjectEntry> {
    check(this.index.get(object.key));
    const { body, ...rest } = object;
    if (!('bytes' in body)) throw new Error('a body of this storage is bytes');
    const entry: MemoryEntry = { ...rest, bytes: body.bytes, modified: wholeSeconds(Date.now()) };
    this.index.set(entry);
    return entry;
  }

  async delete(key: string, check: WriteCheck): Promise<boolean> {
    check(this.index.get(key));
    return this.index.delete(key) !== null;
  }

  async setTags(key: string, tags: readonly ObjectTag[]): Promise<boolean> {
    const entry = this.index.get(key);
    if (entry === null) return false;
    this.index.set({ ...entry, facts: { ...entry.facts, tags } });
    return true;
  }
}

class MemoryWriter implements BodyWriter {
  readonly #chunks: Uint8Array[] = [];

  async write(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(chunk);
  }

  async finish(): Promise<StoredBody> {
    return { bytes: Buffer.concat(this.#chunks) };
  }

  async discard(): Promise<void> {
    this.#chunks.length = 0;
  }
}
