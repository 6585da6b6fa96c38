import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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
  /** Bytes on disk. */
  size(collection: string): Promise<number>;
  remove(collection: string): Promise<void>;
}

const SIDECAR_FORMAT = 1;

export function createIndexFiles(folder: string): IndexFiles {
  const base = (collection: string): string => join(folder, fileName(collection));
  const databasePath = (collection: string): string => `${base(collection)}.duckdb`;
  const sidecarPath = (collection: string): string => `${base(collection)}.json`;
  const pathsOf = (collection: string): readonly string[] => {
    const database = databasePath(collection);
    return [sidecarPath(collection), database, `${database}.wal`, `${database}.tmp`];
  };
  return {
    databasePath,
    prepareFolder: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
    },
    readKnown: async (collection) => {
      const text = await readFile(sidecarPath(collection), 'utf8').catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      return text === null ? null : parseKnown(text);
    },
    writeKnown: async (collection, known) => {
      const path = sidecarPath(collection);
      const draft = `${path}.${String(process.pid)}.new`;
      await writeFile(draft, JSON.stringify({ format: SIDECAR_FORMAT, ...known }), { mode: 0o600 });
      await rename(draft, path);
    },
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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { format, records, syncedAt } = value as Partial<Record<string, unknown>>;
  if (format !== SIDECAR_FORMAT || typeof records !== 'number' || typeof syncedAt !== 'number') return null;
  return { records, syncedAt };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
