import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExportManifest } from '../../../../../shared/export.ts';
import { fileErrorCode } from '../../../../../shared/file-failure.ts';

/** What an import takes from it. */
export type KnownExport = Pick<
  ExportManifest,
  'format' | 'codec' | 'prefix' | 'idColumn' | 'metadataColumn' | 'formulaGuard' | 'columns' | 'files'
>;

const SUFFIX = '.manifest.json';
/** Files beside that are looked at; whoever keeps more of them in one folder names the reading by hand. */
const MOST_BESIDE = 100;

/** What an export of Dipper wrote beside this file (or beside the first of its parts); null where nothing tells of it. */
export async function readManifest(path: string): Promise<KnownExport | null> {
  const own = await readOne(`${path}${SUFFIX}`, path);
  if (own !== null) return own;
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((other) => other.endsWith(SUFFIX)).slice(0, MOST_BESIDE)) {
    const found = await readOne(join(folder, name), path);
    if (found !== null) return found;
  }
  return null;
}

async function readOne(manifest: string, path: string): Promise<KnownExport | null> {
  let text: string;
  try {
    text = await readFile(manifest, 'utf8');
  } catch (error) {
    // It is a help, not a part of the file: without it the file is looked at as any other.
    if (fileErrorCode(error) === undefined) throw error;
    return null;
  }
  const read = parse(text);
  return read !== null && read.files.includes(basename(path)) ? read : null;
}

/** Null for a file that only happens to have such a name. */
function parse(text: string): KnownExport | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isManifest(value) ? value : null;
}

function isManifest(value: unknown): value is ExportManifest {
  if (typeof value !== 'object' || value === null) return false;
  if (!('dipperExport' in value) || value.dipperExport !== 1) return false;
  return (
    'format' in value &&
    typeof value.format === 'string' &&
    'codec' in value &&
    (value.codec === 'plain' || value.codec === 'dataknobs') &&
    'prefix' in value &&
    typeof value.prefix === 'string' &&
    'idColumn' in value &&
    'metadataColumn' in value &&
    'formulaGuard' in value &&
    'columns' in value &&
    Array.isArray(value.columns) &&
    'files' in value &&
    Array.isArray(value.files)
  );
}
