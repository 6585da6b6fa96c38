import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CountedKeys } from './counted-keys.ts';

/** What the sidebar shows of an index that nobody has opened yet. */
export interface KnownRecords {
  readonly records: number;
  /** Milliseconds since 1970. */
  readonly syncedAt: number;
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
  /** Bytes on disk. */
  size(collection: string): Promise<number>;
  remove(collection: string): Promise<void>;
}

const SIDECAR_FORMAT = 1;

export function createIndexFiles(folder: string): IndexFiles {
  const base = (collection: string): string => join(folder, fileName(collection));
  const databasePath = (collection: string): string => `${base(collection)}.duckdb`;
  const sidecarPath = (collection: string): string => `${base(collection)}.json`;
  const countPath = (collection: string): string => `${base(collection)}.count.json`;
  const pathsOf = (collection: string): readonly string[] => {
    const database = databasePath(collection);
    return [sidecarPath(collection), countPath(collection), database, `${database}.wal`, `${database}.tmp`];
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
    size: async (collection) => {
      let bytes = 0;
      for (const path of pathsOf(collection)) bytes += await fileSize(path);
      return bytes;
    },
    remove: async (collection) => {
      for (const path of pathsOf(collection)) await rm(path, { recursive: true, force: true });
    },
  };
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
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
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
