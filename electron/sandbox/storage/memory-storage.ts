import type { KeyIndex } from './key-index.ts';
import { MemoryUploads } from './memory-uploads.ts';
import {
  wholeSeconds,
  type BodyWriter,
  type Bucket,
  type DeleteMarker,
  type Deletion,
  type NewObject,
  type ObjectEntry,
  type ObjectFacts,
  type OpenedObject,
  type SandboxStorage,
  type StoredBody,
  type Versioning,
  type WriteCheck,
} from './storage.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';
import { isMarker, NULL_VERSION, VersionIndex, WriteOrder } from './version-index.ts';

interface MemoryEntry extends ObjectEntry {
  readonly facts: ObjectFacts;
  readonly bytes: Uint8Array;
}

/** Keeps everything in memory: for tests, and for `dipper sandbox --memory`. */
export function createMemoryStorage(): SandboxStorage {
  const buckets = new Map<string, MemoryBucket>();
  const order = new WriteOrder();
  return {
    buckets: () => [...buckets.values()].toSorted((left, right) => compareUtf8(left.name, right.name)),
    bucket: (name) => buckets.get(name) ?? null,
    createBucket: async (name) => {
      if (!buckets.has(name)) buckets.set(name, new MemoryBucket(name, order));
    },
    deleteBucket: async (name) => {
      if (buckets.get(name)?.versions.isEmpty === false) return false;
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
  readonly versions = new VersionIndex<MemoryEntry, DeleteMarker>();
  readonly uploads = new MemoryUploads((object, check) => this.put(object, check));
  readonly #order: WriteOrder;
  versioning: Versioning = 'off';

  constructor(name: string, order: WriteOrder) {
    this.name = name;
    this.#order = order;
  }

  get index(): KeyIndex<MemoryEntry> {
    return this.versions.current;
  }

  async setVersioning(versioning: 'enabled' | 'suspended'): Promise<void> {
    this.versioning = versioning;
  }

  async open(key: string, id: string | null = null): Promise<OpenedObject | null> {
    const entry = this.#find(key, id);
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
    const { key, size, etag, storageClass, facts, body } = object;
    if (!('bytes' in body)) throw new Error('a body of this storage is bytes');
    const version = this.#order.newVersion(this.versioning);
    const plain = { key, size, etag, modified: wholeSeconds(Date.now()), storageClass, facts, bytes: body.bytes };
    const entry: MemoryEntry = version === undefined ? plain : { ...plain, version };
    this.versions.add(entry);
    return entry;
  }

  async delete(key: string, check: WriteCheck): Promise<Deletion> {
    check(this.index.get(key));
    const version = this.#order.newVersion(this.versioning);
    if (version === undefined) this.versions.remove(key, NULL_VERSION);
    else this.versions.add({ marker: true, key, modified: wholeSeconds(Date.now()), version });
    return { versionId: version?.id ?? null, marker: version !== undefined };
  }

  async deleteVersion(key: string, id: string, check: WriteCheck): Promise<Deletion | null> {
    const found = this.versions.find(key, id);
    check(found === null || isMarker(found) ? null : found);
    if (found === null) return null;
    this.versions.remove(key, id);
    return { versionId: this.versioning === 'off' ? null : id, marker: isMarker(found) };
  }

  async changeFacts(
    key: string,
    id: string | null,
    change: (facts: ObjectFacts, entry: ObjectEntry) => ObjectFacts,
  ): Promise<ObjectEntry | null> {
    const entry = this.#find(key, id);
    if (entry === null) return null;
    const changed = { ...entry, facts: change(entry.facts, entry) };
    this.versions.add(changed);
    return changed;
  }

  #find(key: string, id: string | null): MemoryEntry | null {
    const found = this.versions.find(key, id);
    return found === null || isMarker(found) ? null : found;
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
