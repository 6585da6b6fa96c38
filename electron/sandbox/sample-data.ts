import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32, gunzipSync } from 'node:zlib';
import type { ObjectTag, SandboxStorage } from './storage/storage.ts';

/** A line of the bundled file, which `scripts/sample-data.mjs` writes. */
interface SampleObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly cacheControl?: string;
  readonly storageClass?: string;
}

/**
 * Puts the sample records of the file at `path` (NDJSON, gzip) into a storage. What is there already stays as it is, so
 * that a start that was broken off can be made good.
 */
export async function fillWithSamples(storage: SandboxStorage, path: string): Promise<void> {
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
    if (line === '') continue;
    const sample: SampleObject = JSON.parse(line);
    let bucket = storage.bucket(sample.bucket);
    if (bucket === null) {
      await storage.createBucket(sample.bucket);
      bucket = storage.bucket(sample.bucket);
    }
    if (bucket === null || bucket.index.get(sample.key) !== null) continue;
    const bytes = Buffer.from(sample.body, 'utf8');
    const tags: readonly ObjectTag[] = Object.entries(sample.tags ?? {}).map(([key, value]) => ({ key, value }));
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    await bucket.put(
      {
        key: sample.key,
        size: bytes.length,
        etag: createHash('md5').update(bytes).digest('hex'),
        storageClass: sample.storageClass ?? 'STANDARD',
        facts: {
          headers: {
            'content-type': 'application/json',
            ...(sample.cacheControl === undefined ? {} : { 'cache-control': sample.cacheControl }),
          },
          metadata: sample.metadata ?? {},
          tags,
          encryption: { algorithm: 'AES256', keyId: null, bucketKey: false },
          checksum: { algorithm: 'CRC32', type: 'FULL_OBJECT', value: sum.toString('base64') },
        },
        body: { bytes },
      },
      () => undefined,
    );
  }
}
