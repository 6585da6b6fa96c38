import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { findNode } from '../../../../../shared/json/find-node.ts';
import { readJson } from '../../../../../shared/json/read-json.ts';
import { idOfKey } from '../../../../../shared/record-key.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { localFileFailure } from '../../../local-file-failure.ts';
import { isJson } from '../../../records/decode-record.ts';
import { FILES_MANIFEST } from '../../export/files-sink.ts';
import { decodeBody } from '../../../records/decode-body.ts';
import { UnreadableRecord } from '../../../records/unreadable-record.ts';
import { lineRows } from './line-rows.ts';
import { readManifest } from './read-manifest.ts';
import { sourceBytes, sourceText } from './source-bytes.ts';
import { LONGEST_ROW, type SourceRow, type SourceRows } from './source-row.ts';

/** Files of a folder, without its links; in the order of their paths, so that a row keeps its position. */
export interface FolderFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Where an export says it; otherwise the path tells it. */
  readonly id?: string;
}

/** Files read at once. */
const READ_AT_ONCE = 32;

export async function listFolder(folder: string): Promise<readonly FolderFile[]> {
  const listed = await exportedFiles(folder);
  if (listed !== null) return listed;
  const found: FolderFile[] = [];
  const open = [''];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    const inside = below;
    const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch((cause: unknown) => {
      throw localFileFailure(join(folder, inside), 'read', cause);
    });
    for (const entry of entries) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile() && /\.json(?:\.gz)?$/i.test(entry.name)) found.push(await factsOf(folder, path));
    }
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The JSON files of a folder: a row each. */
export async function* folderRows(folder: string): SourceRows {
  const files = await listFolder(folder);
  for (let from = 0; from < files.length; from += READ_AT_ONCE) {
    const some = files.slice(from, from + READ_AT_ONCE);
    yield await Promise.all(some.map((file, place) => rowOf(folder, file, from + place + 1)));
  }
}

/** Of an export into files, in its own order, with the ids that their names may not be able to say. */
async function exportedFiles(folder: string): Promise<readonly FolderFile[] | null> {
  const known = await readManifest(folder);
  if (known?.format !== 'files') return null;
  const files: FolderFile[] = [];
  const manifest = sourceText(sourceBytes(join(folder, FILES_MANIFEST), 'none'), 'utf-8');
  for await (const rows of lineRows(manifest)) {
    for (const row of rows) {
      const entry = row.kind === 'json' ? entryOf(row.text) : null;
      if (entry === null) continue;
      files.push({ ...(await factsOf(folder, entry.file)), id: idOfKey(known.prefix, entry.key) });
    }
  }
  return files;
}

/** Null where the line is none of ours, or leads out of the folder. */
function entryOf(text: string): { readonly file: string; readonly key: string } | null {
  const root = isJson(text) ? readJson(text) : null;
  const file = root === null ? null : findNode(root, ['file']);
  const key = root === null ? null : findNode(root, ['key']);
  if (file?.kind !== 'string' || key?.kind !== 'string') return null;
  const leadsOut = isAbsolute(file.value) || file.value.split(/[\\/]/).includes('..');
  return leadsOut ? null : { file: file.value, key: key.value };
}

async function rowOf(folder: string, { path, size, id }: FolderFile, at: number): Promise<SourceRow> {
  const broken = (problem: string): SourceRow => ({ kind: 'broken', at, file: path, text: null, problem });
  if (size > LONGEST_ROW) return broken('The file is too large for a record.');
  try {
    const bytes = await readFile(join(folder, path));
    const { text } = decodeBody(bytes, { key: path.toLowerCase(), contentEncoding: null }, LONGEST_ROW);
    return { kind: 'json', at, file: path, text, ...(id === undefined ? {} : { id }) };
  } catch (error) {
    if (error instanceof UnreadableRecord) return broken(error.message);
    if (isUnspoken(path)) return broken(UNSPOKEN);
    throw error instanceof AppFailure ? error : localFileFailure(join(folder, path), 'read', error);
  }
}

/** A name whose bytes are no UTF-8 comes with marks in their place, which lead nowhere. */
function isUnspoken(path: string): boolean {
  return path.includes('\uFFFD');
}

const UNSPOKEN = 'The name of the file is no UTF-8. Rename it.';

async function factsOf(folder: string, path: string): Promise<FolderFile> {
  try {
    const { size, mtime } = await stat(join(folder, path));
    return { path, size, modifiedAt: mtime.getTime() };
  } catch (error) {
    if (isUnspoken(path)) return { path, size: 0, modifiedAt: 0 };
    throw localFileFailure(join(folder, path), 'read', error);
  }
}
