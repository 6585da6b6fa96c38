/**
 * Writes of every kind, chosen by a seed and done to several storages alike, and what a storage holds then in a form
 * that can be compared: version and upload ids differ from one storage to another.
 */
import { createHash } from 'node:crypto';
import type { Bucket, ObjectFacts, SandboxStorage, StoredBody } from '../../../../electron/sandbox/storage/storage.ts';
import { isMarker, versionId } from '../../../../electron/sandbox/storage/version-index.ts';
import { emptyBucket } from './empty-bucket.ts';
import { seededRandom } from '../../../unit/s3/seeded-random.ts';

const FACTS: ObjectFacts = {
  headers: { 'content-type': 'application/json' },
  metadata: {},
  tags: [],
  encryption: { algorithm: 'AES256', keyId: null, bucketKey: false },
  checksum: null,
};

function always(): void {
  // No condition.
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** In memory or as a file, as the server does it with bodies of that size. */
async function bodyOf(storage: SandboxStorage, text: string, asFile: boolean): Promise<StoredBody> {
  if (!asFile) return { bytes: Buffer.from(text) };
  const writer = await storage.writeBody();
  await writer.write(Buffer.from(text));
  return writer.finish();
}

export class RandomWrites {
  readonly #random: () => number;
  readonly #storages: readonly SandboxStorage[];
  readonly #keys: number;
  #round = 0;

  /** `keys` in each of two buckets: few of them are overwritten often. */
  constructor(seed: number, storages: readonly SandboxStorage[], keys: number) {
    this.#random = seededRandom(seed);
    this.#storages = storages;
    this.#keys = keys;
  }

  /** One write to each of the storages; `size` is that of most bodies. */
  async write(size: number): Promise<void> {
    this.#round += 1;
    const text = `${this.#round} ${'x'.repeat(Math.floor(this.#random() * size))}`;
    const bucket = this.#random() < 0.5 ? 'records' : 'other';
    const key = `key-${Math.floor(this.#random() * this.#keys)}`;
    const kind = this.#random();
    const choice = this.#random();
    for (const storage of this.#storages) await this.#writeTo(storage, { bucket, key, text, kind, choice });
  }

  async #writeTo(
    storage: SandboxStorage,
    write: { readonly bucket: string; readonly key: string; readonly text: string; kind: number; choice: number },
  ): Promise<void> {
    const { key, text, kind, choice } = write;
    if (storage.bucket(write.bucket) === null) await storage.createBucket(write.bucket);
    const bucket = storage.bucket(write.bucket);
    if (bucket === null) throw new Error('the bucket was not made');
    if (kind < 0.45) {
      const body = await bodyOf(storage, text, choice < 0.1);
      const size = Buffer.byteLength(text);
      await bucket.put({ key, size, etag: md5(text), storageClass: 'STANDARD', facts: FACTS, body }, always);
    } else if (kind < 0.57) {
      await bucket.delete(key, always);
    } else if (kind < 0.7) {
      const versions = bucket.versions.versionsOf(key);
      const version = versions[Math.floor(choice * versions.length)];
      if (version !== undefined) await bucket.deleteVersion(key, versionId(version), always);
    } else if (kind < 0.78) {
      const tags = [{ key: 'round', value: String(this.#round) }];
      await bucket.changeFacts(key, null, (facts) => ({ ...facts, tags }));
    } else if (kind < 0.79) {
      await bucket.setVersioning(choice < 0.6 ? 'enabled' : 'suspended');
    } else if (kind < 0.795) {
      await emptyBucket(bucket);
      await storage.deleteBucket(write.bucket);
    } else {
      await this.#upload(storage, bucket, write);
    }
  }

  async #upload(
    storage: SandboxStorage,
    bucket: Bucket,
    { key, text, choice }: { readonly key: string; readonly text: string; readonly choice: number },
  ): Promise<void> {
    const uploads = bucket.uploads.list();
    if (uploads.length < 3) {
      const checksum = { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', asked: false } as const;
      await bucket.uploads.create({ key, storageClass: 'STANDARD_IA', facts: FACTS, checksum });
      return;
    }
    // Uploads of one key come in the same order in every storage, as they were begun one after the other.
    const upload = uploads[Math.floor(choice * uploads.length)];
    if (upload === undefined) return;
    const parts = [...upload.parts.values()].toSorted((left, right) => left.number - right.number);
    if (choice * 10 - Math.floor(choice * 10) < 0.6 || parts.length === 0) {
      const body = await bodyOf(storage, text, choice * 100 - Math.floor(choice * 100) < 0.5);
      const number = 1 + (this.#round % 4);
      const size = Buffer.byteLength(text);
      await bucket.uploads.putPart(upload.id, { number, size, etag: md5(text), checksum: '', body });
    } else if (choice * 10 - Math.floor(choice * 10) < 0.7) {
      await bucket.uploads.abort(upload.id);
    } else {
      // The last one is left out where there are more.
      const chosen = parts.slice(0, Math.max(1, parts.length - 1));
      await bucket.uploads.complete(
        upload.id,
        {
          size: chosen.reduce((sum, { size }) => sum + size, 0),
          etag: `${md5(chosen.map(({ etag }) => etag).join(''))}-${chosen.length}`,
          checksum: { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value: 'AAAAAAAAAAA=' },
          parts: chosen.map(({ number, size }) => ({ number, size, checksum: null })),
        },
        always,
      );
    }
  }
}

/** Puts an object that no other write touches. */
export async function fill(storage: SandboxStorage, key: string): Promise<void> {
  await storage.createBucket('staying');
  const bytes = Buffer.alloc(3000, key);
  const object = { key, size: bytes.length, etag: md5(key), storageClass: 'STANDARD', facts: FACTS, body: { bytes } };
  await storage.bucket('staying')?.put(object, always);
}

/** All that a storage holds, bodies read through. */
export async function heldBy(storage: SandboxStorage): Promise<Record<string, unknown>> {
  const held: Record<string, unknown> = {};
  for (const bucket of storage.buckets()) {
    held[bucket.name] = bucket.versioning;
    for (const versions of bucket.versions.from(() => false)) {
      const rows: unknown[] = [];
      for (const version of versions) {
        const id = versionId(version) === 'null' ? 'null' : 'id';
        if (isMarker(version)) {
          rows.push([id, 'deleted']);
          continue;
        }
        const opened = await bucket.open(version.key, versionId(version));
        if (opened === null) throw new Error(`${version.key} is listed and not there`);
        const { etag, size, storageClass } = version;
        const content = opened.read(0, size);
        const body = createHash('md5');
        for await (const chunk of content instanceof Uint8Array ? [content] : content) body.update(chunk);
        await opened.close();
        const parts = opened.facts.parts?.map(({ number, size: length }) => [number, length]);
        rows.push([id, etag, size, storageClass, opened.facts.tags, body.digest('hex'), parts]);
      }
      held[`${bucket.name}/${versions[0]?.key}`] = rows;
    }
    held[`${bucket.name} uploads`] = bucket.uploads.list().map(({ key, storageClass, parts }) => {
      const listed = [...parts.values()].toSorted((left, right) => left.number - right.number);
      return [key, storageClass, listed.map(({ number, etag, size }) => [number, etag, size])];
    });
  }
  return held;
}
