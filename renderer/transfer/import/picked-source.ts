import { isFolderFile } from '../../../shared/given-file.ts';

/** What a person dropped, chose or pasted, before the other side has it. */
export type PickedSource =
  /** One file, or several of one shape. */
  | { readonly kind: 'files'; readonly name: string; readonly files: readonly [File, ...File[]] }
  /** One that is in S3 already. */
  | { readonly kind: 'object'; readonly name: string; readonly bucket: string; readonly key: string }
  | {
      readonly kind: 'folder';
      readonly name: string;
      /** The folder itself, where the window can tell where it is. */
      readonly itself: File | null;
      /** Its files that can be imported, with their paths below it. */
      readonly files: () => AsyncIterable<FolderFile>;
    };

export interface FolderFile {
  readonly path: string;
  readonly file: File;
}

/** An object, of any connection that reaches it. */
export function pickedObject(bucket: string, key: string): PickedSource {
  return { kind: 'object', name: `s3://${bucket}/${key}`, bucket, key };
}

export const FOLDER_ALONE = 'A folder is an import of its own: drop it without anything else. Nothing was imported.';

/** Whether what is dragged over the window, or pasted into it, holds files. */
export function holdsFiles({ types }: Pick<DataTransfer, 'types'>): boolean {
  return types.includes('Files');
}

/**
 * The files or the folder that were dropped or pasted; a sentence where that is no import, null where there is nothing. Has
 * to be called while the event is handled: it is empty afterwards.
 */
export function pickedFrom({ items }: Pick<DataTransfer, 'items'>): PickedSource | string | null {
  const files = [...items].filter(({ kind }) => kind === 'file');
  const [item] = files;
  if (item === undefined) return null;
  if (files.length > 1) return severalFiles(files);
  const entry = item.webkitGetAsEntry();
  const file = item.getAsFile();
  if (isDirectory(entry)) {
    return { kind: 'folder', name: entry.name, itself: file, files: () => filesBelow(entry, '') };
  }
  return file === null ? null : pickedFile(file);
}

function severalFiles(items: readonly DataTransferItem[]): PickedSource | string | null {
  if (items.some((item) => isDirectory(item.webkitGetAsEntry()))) return FOLDER_ALONE;
  return pickedFiles(items.map((item) => item.getAsFile()).filter((file) => file !== null));
}

export function pickedFile(file: File): PickedSource {
  return { kind: 'files', name: file.name, files: [file] };
}

/** In the order of their names: rows follow each other as the files do. Null where there is none. */
export function pickedFiles(files: readonly File[]): PickedSource | null {
  const [first, ...more] = files.toSorted((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
  if (first === undefined) return null;
  const name = more.length === 0 ? first.name : `${first.name} and ${more.length} more`;
  return { kind: 'files', name, files: [first, ...more] };
}

/** Of a field for folders, which lists their files with the folder's name before their paths. */
export function pickedFolder(files: readonly File[]): PickedSource | null {
  const [first] = files;
  if (first === undefined) return null;
  const [name = first.name] = first.webkitRelativePath.split('/');
  async function* below(): AsyncGenerator<FolderFile, void, undefined> {
    for (const file of files) {
      if (isFolderFile(file.name)) yield { path: file.webkitRelativePath.slice(name.length + 1), file };
    }
  }
  return { kind: 'folder', name, itself: null, files: below };
}

/** Pasted rows: what they are is found from the text. */
export function pickedText(text: string): PickedSource {
  return pickedFile(new File([text], 'pasted rows', { type: 'text/plain' }));
}

function isDirectory(entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry {
  return entry?.isDirectory === true;
}

async function* filesBelow(
  folder: FileSystemDirectoryEntry,
  before: string,
): AsyncGenerator<FolderFile, void, undefined> {
  const reader = folder.createReader();
  // A reader answers some of the entries each time, none at the end.
  for (let entries = await readEntries(reader); entries.length > 0; entries = await readEntries(reader)) {
    for (const entry of entries) {
      const path = `${before}${entry.name}`;
      if (isDirectory(entry)) yield* filesBelow(entry, `${path}/`);
      else if (isFolderFile(entry.name)) yield { path, file: await fileOf(entry) };
    }
  }
}

function readEntries(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    // An entry that is no directory is a file's.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    (entry as FileSystemFileEntry).file(resolve, reject);
  });
}
