import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32, gunzipSync } from 'node:zlib';
import { EDGE_CASES, EDGE_CASES_PLACE } from './edge-cases/all-edge-cases.ts';
import { INLINE_LIMIT, type ObjectTag, type SandboxStorage, type StoredBody } from './storage/storage.ts';

/** A line of the bundled file, which `scripts/sample-data.mjs` writes. */
interface SampleLine {
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly cacheControl?: string;
  readonly storageClass?: string;
}

interface SampleObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: () => Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly ObjectTag[];
  readonly storageClass: string;
}

/**
 * Puts the sample records of the file at `path` (NDJSON, gzip) and the edge cases into a storage. What is there already
 * stays as it is, so that a start that was broken off can be made good.
 */
export async function fillWithSamples(storage: SandboxStorage, path: string): Promise<void> {
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
    if (line === '') continue;
    const sample: SampleLine = JSON.parse(line);
    await putSample(storage, {
      bucket: sample.bucket,
      key: sample.key,
      body: () => Buffer.from(sample.body, 'utf8'),
      headers: {
        'content-type': 'application/json',
        ...(sample.cacheControl === undefined ? {} : { 'cache-control': sample.cacheControl }),
      },
      metadata: sample.metadata ?? {},
      tags: Object.entries(sample.tags ?? {}).map(([key, value]) => ({ key, value })),
      storageClass: sample.storageClass ?? 'STANDARD',
    });
  }
  await putEdgeCases(storage);
}

/** What is there already stays as it is. */
export async function putEdgeCases(storage: SandboxStorage): Promise<void> {
  for (const { name, about, body, headers, metadata, tags, storageClass } of EDGE_CASES) {
    await putSample(storage, {
      bucket: EDGE_CASES_PLACE.bucket,
      key: EDGE_CASES_PLACE.prefix + name,
      body,
      headers: { 'content-type': 'application/json', ...headers },
      metadata: { about, ...metadata },
      tags: tags ?? [],
      storageClass: storageClass ?? 'STANDARD',
    });
  }
}

async function putSample(storage: SandboxStorage, sample: SampleObject): Promise<void> {
  let bucket = storage.bucket(sample.bucket);
  if (bucket === null) {
    await storage.createBucket(sample.bucket);
    bucket = storage.bucket(sample.bucket);
  }
  if (bucket === null || bucket.index.get(sample.key) !== null) return;
  const bytes = sample.body();
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  await bucket.put(
    {
      key: sample.key,
      size: bytes.length,
      etag: createHash('md5').update(bytes).digest('hex'),
      storageClass: sample.storageClass,
      facts: {
        headers: sample.headers,
        metadata: sample.metadata,
        tags: sample.tags,
        encryption: { algorithm: 'AES256', keyId: null, bucketKey: false },
        checksum: { algorithm: 'CRC32', type: 'FULL_OBJECT', value: sum.toString('base64') },
      },
      body: await storedBody(storage, bytes),
    },
    () => undefined,
  );
}

async function storedBody(storage: SandboxStorage, bytes: Buffer): Promise<StoredBody> {
  if (bytes.length <= INLINE_LIMIT) return { bytes };
  const writer = await storage.writeBody();
  await writer.write(bytes);
  return await writer.finish();
}
