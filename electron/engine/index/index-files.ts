import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { IndexesOnDisk } from '../../../shared/collection.ts';
import type { CountedKeys } from './counted-keys.ts';
import type { IndexState } from './protocol.ts';

/** What the sidebar shows of an index that nobody has opened yet. */
export interface KnownRecords {
  readonly records: number;
  /** Milliseconds since 1970. */
  readonly syncedAt: number;
}

/** The unreadable objects are rows of a query without conditions: its count and the sidebar's are one. */
export function knownOf({ records, unreadable, syncedAt }: IndexState): KnownRecords | null {
  return syncedAt === null ? null : { records: records + unreadable, syncedAt };
}

/** Where a collection's index lies. The folder is made for this user alone: an index holds the records in plain text. */
export interface IndexFiles {
  prepareFolder(): Promise<void>;
  databasePath(collection: string): string;
  readKnown(collection: string): Promise<KnownRecords | null>;
  writeKnown(collection: string, known: KnownRecords): Promise<void>;
  /** Of a collection that was never read. */
  readCount(collection: string): Promise<CountedKeys | null>;
  writeCount(collection: string, counted: CountedKeys): Promise<void>;
  removeCount(collection: string): Promise<void>;
  /** Notes that writes were missed, for the next process: a command ends in a moment. Nothing where there is no index. */
  markBehind(collection: string): Promise<void>;
  isBehind(collection: string): Promise<boolean>;
  /** A whole listing has found them. */
  markWhole(collection: string): Promise<void>;
  /** Bytes on disk. */
  size(collection: string): Promise<number>;
  /** Of all indexes. */
  sizes(): Promise<IndexesOnDisk>;
  remove(collection: string): Promise<void>;
  /** Notes that the index is used now, if there is one. */
  touch(collection: string): Promise<void>;
  /**
   * Removes the indexes that were not used for longest until all of them have `most` bytes, but none that is open: who
   * asks for them again reads them from S3 again.
   */
  trim(most: number, isOpen: () => ReadonlySet<string>): Promise<void>;
}

const SIDECAR_FORMAT = 1;

export function createIndexFiles(folder: string): IndexFiles {
  const base = (collection: string): string => join(folder, fileName(collection));
  const databasePath = (collection: string): string => `${base(collection)}.duckdb`;
  const sidecarPath = (collection: string): string => `${base(collection)}.json`;
  const countPath = (collection: string): string => `${base(collection)}.count.json`;
  const behindPath = (collection: string): string => `${base(collection)}.behind`;
  const pathsOf = (collection: string): readonly string[] => {
    const database = databasePath(collection);
    const beside = [sidecarPath(collection), countPath(collection), behindPath(collection)];
    return [...beside, database, `${database}.wal`, `${database}.tmp`];
  };
  return {
    databasePath,
    prepareFolder: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
    },
    readKnown: async (collection) => {
      const text = await readIfThere(sidecarPath(collection));
      return text === null ? null : parseKnown(text);
    },
    writeKnown: async (collection, known) => {
      await writeWhole(sidecarPath(collection), { format: SIDECAR_FORMAT, ...known });
    },
    readCount: async (collection) => {
      const text = await readIfThere(countPath(collection));
      return text === null ? null : parseCount(text);
    },
    writeCount: async (collection, counted) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWhole(countPath(collection), { format: SIDECAR_FORMAT, ...counted });
    },
    removeCount: (collection) => rm(countPath(collection), { force: true }),
    markBehind: async (collection) => {
      if ((await statIfThere(databasePath(collection))) !== null)
        await writeFile(behindPath(collection), '', { mode: 0o600 });
    },
    isBehind: async (collection) => (await statIfThere(behindPath(collection))) !== null,
    markWhole: (collection) => rm(behindPath(collection), { force: true }),
    size: async (collection) => {
      let bytes = 0;
      for (const path of pathsOf(collection)) bytes += await fileSize(path);
      return bytes;
    },
    sizes: async () => {
      const kept = await keptIndexes(folder);
      return {
        count: kept.filter(({ usedAt }) => usedAt !== null).length,
        bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    },
    remove: async (collection) => {
      for (const path of pathsOf(collection)) await rm(path, { recursive: true, force: true });
    },
    touch: async (collection) => {
      const now = new Date();
      await utimes(databasePath(collection), now, now).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    trim: async (most, isOpen) => {
      const kept = await keptIndexes(folder);
      let bytes = kept.reduce((sum, index) => sum + index.bytes, 0);
      for (const { name, paths, bytes: own } of kept.toSorted(byLastUse)) {
        if (bytes <= most) return;
        // Asked anew each time: one may be opened while another is removed.
        const open = new Set([...isOpen()].map(fileName));
        if (open.has(name)) continue;
        for (const path of paths) await rm(path, { recursive: true, force: true });
        bytes -= own;
      }
    },
  };
}

interface KeptIndex {
  readonly name: string;
  readonly paths: readonly string[];
  readonly bytes: number;
  /** Null where there is no database: nothing was ever read, or it could not be removed whole. */
  readonly usedAt: number | null;
}

function byLastUse(left: KeptIndex, right: KeptIndex): number {
  return (left.usedAt ?? 0) - (right.usedAt ?? 0);
}

async function keptIndexes(folder: string): Promise<readonly KeptIndex[]> {
  const indexes = new Map<string, { paths: string[]; bytes: number; usedAt: number | null }>();
  for (const file of await filesIn(folder)) {
    const name = file.slice(0, Math.max(file.indexOf('.'), 0));
    const path = join(folder, file);
    const found = await statIfThere(path);
    if (found === null) continue;
    const index = indexes.get(name) ?? { paths: [], bytes: 0, usedAt: null };
    indexes.set(name, index);
    index.paths.push(path);
    index.bytes += found.size;
    if (file.endsWith('.duckdb')) index.usedAt = found.mtimeMs;
  }
  return [...indexes].map(([name, index]) => ({ name, ...index }));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

async function writeWhole(path: string, content: object): Promise<void> {
  const draft = `${path}.${String(process.pid)}.new`;
  await writeFile(draft, JSON.stringify(content), { mode: 0o600 });
  await rename(draft, path);
}

async function fileSize(path: string): Promise<number> {
  return (await statIfThere(path))?.size ?? 0;
}

async function statIfThere(path: string): Promise<Stats | null> {
  return stat(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

/** A collection's id is a file name as it is where every system takes it; anything else becomes its hash. */
function fileName(collection: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,99}$/.test(collection)) return `collection-${collection}`;
  return `collection-${createHash('sha256').update(collection).digest('hex')}`;
}

/** Null for a sidecar that is no such thing: it is only ever a copy of what the index knows. */
function parseKnown(text: string): KnownRecords | null {
  const { records, syncedAt } = parseSidecar(text);
  return typeof records === 'number' && typeof syncedAt === 'number' ? { records, syncedAt } : null;
}

function parseCount(text: string): CountedKeys | null {
  const { keys, listedAt } = parseSidecar(text);
  return typeof keys === 'number' && typeof listedAt === 'number' ? { keys, listedAt } : null;
}

/** Without members where it is none. */
function parseSidecar(text: string): Partial<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
  if (typeof value !== 'object' || value === null) return {};
  const members = value as Partial<Record<string, unknown>>;
  return members['format'] === SIDECAR_FORMAT ? members : {};
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
