import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode, fileFailure } from '../../../shared/file-failure.ts';

/**
 * Bodies that are too large for the index, kept on disk by the ETag they had, so that a record that is opened again costs
 * a HEAD and not its whole body. Only ever a copy: what is missing, damaged or cannot be written is read from S3 again, so
 * no failure of the disk is one of reading a record.
 */
export interface BodyCache {
  of(collection: CachedCollection): CollectionBodies;
  /** Bytes on disk. */
  size(collection: string): Promise<number>;
  /** Throws `data-folder-unusable`. */
  forget(collection: string): Promise<void>;
}

export interface CachedCollection {
  readonly id: string;
  readonly connectionId: string;
  readonly bucket: string;
}

export interface CollectionBodies {
  /** ETag of the body that is kept of this key. */
  etagOf(key: string): Promise<string | null>;
  /** The body with this ETag, as it was kept; null where it is not there or not whole any more. */
  read(key: string, etag: string): Promise<Uint8Array | null>;
  /** Takes the place of another body of this key; the bodies that were read longest ago make room. */
  keep(key: string, etag: string, body: Uint8Array): Promise<void>;
}

interface KeptBody {
  readonly size: number;
  readonly usedAt: number;
}

/** The first line of a file; the body follows. */
interface Description {
  readonly format: 1;
  readonly etag: string;
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

const DEFAULT_LIMIT = 1024 * 1024 * 1024;
const LONGEST_DESCRIPTION = 4096;

/** @param limit bytes of all bodies */
export function createBodyCache(folder: string, limit = DEFAULT_LIMIT): BodyCache {
  /** By path, as they are on disk; only this process writes there. */
  let known: Promise<Map<string, KeptBody>> | null = null;
  const kept = (): Promise<Map<string, KeptBody>> => (known ??= scan(folder));
  /** How often a collection was forgotten: what was read before is not kept after. */
  const forgotten = new Map<string, number>();

  const folderOf = (collection: string): string =>
    join(folder, createHash('sha256').update(collection).digest('hex').slice(0, 32));

  const drop = async (path: string): Promise<void> => {
    await rm(path, { force: true });
    (await kept()).delete(path);
  };

  const makeRoom = async (): Promise<void> => {
    const bodies = await kept();
    let total = 0;
    for (const { size } of bodies.values()) total += size;
    const oldestFirst = [...bodies].toSorted(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [path, { size }] of oldestFirst) {
      if (total <= limit) return;
      await drop(path);
      total -= size;
    }
  };

  const of = ({ id, connectionId, bucket }: CachedCollection): CollectionBodies => {
    const epoch = forgotten.get(id) ?? 0;
    const pathOf = (key: string): string => {
      const name = createHash('sha256').update(JSON.stringify([connectionId, bucket, key]));
      return join(folderOf(id), name.digest('hex'));
    };
    return {
      etagOf: async (key) => (await readDescription(pathOf(key)))?.etag ?? null,
      read: async (key, etag) => {
        const path = pathOf(key);
        const description = await readDescription(path);
        if (description?.etag !== etag) return null;
        const body = await readBody(path, description);
        if (body === null) await drop(path);
        else await touch(path, await kept());
        return body;
      },
      keep: async (key, etag, body) => {
        if (body.byteLength > limit) return;
        const path = pathOf(key);
        const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
        const description: Description = { format: 1, etag, size: body.byteLength, sha256: await sha256Of(body) };
        try {
          if ((forgotten.get(id) ?? 0) !== epoch) return;
          await mkdir(folderOf(id), { recursive: true, mode: 0o700 });
          const file = await open(draft, 'wx', 0o600);
          try {
            await file.writeFile(`${JSON.stringify(description)}\n`);
            await file.writeFile(body);
          } finally {
            await file.close();
          }
          if ((forgotten.get(id) ?? 0) === epoch) await rename(draft, path);
          else await rm(draft, { force: true });
        } catch (error) {
          // No room, or the folder was forgotten meanwhile. The record was read all the same.
          if (fileErrorCode(error) === undefined) throw error;
          await rm(draft, { force: true });
          return;
        }
        (await kept()).set(path, { size: body.byteLength, usedAt: Date.now() });
        await makeRoom();
      },
    };
  };

  return {
    of,
    size: async (collection) => {
      const inside = folderOf(collection);
      let bytes = 0;
      for (const [path, { size }] of await kept()) if (path.startsWith(inside)) bytes += size;
      return bytes;
    },
    forget: async (collection) => {
      forgotten.set(collection, (forgotten.get(collection) ?? 0) + 1);
      const inside = folderOf(collection);
      try {
        await rm(inside, { recursive: true, force: true });
      } catch (cause) {
        throw fileFailure(inside, cause);
      }
      const bodies = await kept();
      for (const path of bodies.keys()) if (path.startsWith(inside)) bodies.delete(path);
    },
  };
}

/** What is on disk, without what a crash left half written. */
async function scan(folder: string): Promise<Map<string, KeptBody>> {
  const bodies = new Map<string, KeptBody>();
  for (const collection of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, collection))) {
      const path = join(folder, collection, name);
      if (name.endsWith('.tmp')) {
        await rm(path, { force: true });
        continue;
      }
      const facts = await factsOf(path);
      if (facts !== null) bodies.set(path, facts);
    }
  }
  return bodies;
}

/** Null for what is gone since the folder was read. */
async function factsOf(path: string): Promise<KeptBody | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, usedAt: mtimeMs };
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error;
    return null;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error;
    return [];
  }
}

async function readDescription(path: string): Promise<Description | null> {
  let start: Buffer;
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_DESCRIPTION), { position: 0 });
      start = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error;
    return null;
  }
  const end = start.indexOf('\n');
  return end === -1 ? null : parseDescription(start.subarray(0, end).toString('utf8'));
}

function parseDescription(line: string): Description | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (!('format' in value) || !('etag' in value) || !('size' in value) || !('sha256' in value)) return null;
  const { format, etag, size, sha256 } = value;
  if (format !== 1 || typeof etag !== 'string' || typeof size !== 'number' || typeof sha256 !== 'string') return null;
  return { format, etag, size, sha256 };
}

/** Null for a body that is not whole. */
async function readBody(path: string, { size, sha256 }: Description): Promise<Uint8Array | null> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error;
    return null;
  }
  const body = content.subarray(content.indexOf('\n') + 1);
  return body.byteLength === size && (await sha256Of(body)) === sha256 ? body : null;
}

async function touch(path: string, bodies: Map<string, KeptBody>): Promise<void> {
  const now = new Date();
  const body = bodies.get(path);
  if (body !== undefined) bodies.set(path, { ...body, usedAt: now.getTime() });
  try {
    await utimes(path, now, now);
  } catch (error) {
    // Only the next start would have known by it.
    if (fileErrorCode(error) === undefined) throw error;
  }
}

/** In a thread of its own: 100 MB would hold up everything else in this process. */
async function sha256Of(body: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', body)).toString('hex');
}
