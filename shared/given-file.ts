/** A file or folder of this machine that a person gave to a page. The page knows it by its handle, never by a path. */
export interface GivenFile {
  readonly handle: string;
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

/** Bytes of one piece of a file that a page sends. */
export const PIECE_OF_FILE = 1024 * 1024;

/** Files of a folder that are imported, by their names. */
export function isFolderFile(name: string): boolean {
  return /\.json(?:\.gz)?$/i.test(name);
}
