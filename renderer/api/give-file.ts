import { PIECE_OF_FILE, type GivenFile } from '../../shared/given-file.ts';
import { AppFailure } from '../../shared/result.ts';
import { bridge } from './bridge.ts';
import { call } from './call.ts';

/** A file of a folder, with its path below it. */
export interface FileOfFolder {
  readonly path: string;
  readonly file: File;
}

export interface Sending {
  readonly signal: AbortSignal;
  /** Bytes that have arrived; not told where the other side reads the file where it is. */
  readonly onSent: (bytes: number) => void;
}

/** A handle for a file: on the desktop of where it is, else of a copy that is sent now. */
export async function giveFile(file: File, sending: Sending): Promise<GivenFile> {
  const where = await giveWhere(file);
  if (where !== null) return where;
  return sendTo(await call('files:begin', { name: file.name, kind: 'file' }, sending.signal), async (given) => {
    await sendPieces(given.handle, { path: '', file }, 0, sending);
  });
}

/** The same of a folder. `itself` is a File for it, where the page has one. */
export async function giveFolder(
  name: string,
  itself: File | null,
  files: () => AsyncIterable<FileOfFolder>,
  sending: Sending,
): Promise<GivenFile> {
  const where = itself === null ? null : await giveWhere(itself);
  if (where !== null) return where;
  return sendTo(await call('files:begin', { name, kind: 'folder' }, sending.signal), async (given) => {
    let sent = 0;
    let isEmpty = true;
    for await (const file of files()) {
      sent = await sendPieces(given.handle, file, sent, sending);
      isEmpty = false;
    }
    if (isEmpty) {
      throw new AppFailure(
        'invalid-arguments',
        `There is no JSON file in ${name}. A folder is imported as its .json files, a record each; choose another one.`,
      );
    }
  });
}

/** Nobody waits for it: it goes with the page in any case. */
export function releaseFile(handle: string): void {
  call('files:release', { handle }).catch((error: unknown) => console.warn('A file was not released', error));
}

/** On the desktop: a handle of where it is. Null where the window does not know that. */
export async function giveWhere(file: File): Promise<GivenFile | null> {
  const result = (await bridge().giveFile?.(file, crypto.randomUUID())) ?? null;
  if (result === null) return null;
  if (result.ok) return result.value;
  const { code, message, retryable } = result.error;
  throw new AppFailure(code, message, { retryable });
}

async function sendTo(given: GivenFile, send: (given: GivenFile) => Promise<void>): Promise<GivenFile> {
  try {
    await send(given);
    return given;
  } catch (error) {
    releaseFile(given.handle);
    throw error;
  }
}

/** One piece after the other: a file of any size is never in memory as a whole. */
async function sendPieces(
  handle: string,
  { path, file }: FileOfFolder,
  before: number,
  { signal, onSent }: Sending,
): Promise<number> {
  let sent = before;
  let from = 0;
  do {
    const piece = file.slice(from, from + PIECE_OF_FILE);
    await call('files:append', { handle, path, bytes: await base64Of(piece, file.name) }, signal);
    from += PIECE_OF_FILE;
    sent += piece.size;
    onSent(sent);
  } while (from < file.size);
  return sent;
}

/** Characters that are made at once: a call takes only so many arguments. */
const AT_ONCE = 0x8000;

async function base64Of(piece: Blob, name: string): Promise<string> {
  const bytes = new Uint8Array(await readPiece(piece, name));
  let text = '';
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(text);
}

async function readPiece(piece: Blob, name: string): Promise<ArrayBuffer> {
  try {
    return await piece.arrayBuffer();
  } catch (cause) {
    throw new AppFailure(
      'invalid-arguments',
      `${name} cannot be read any more: it was moved, changed or closed to this user. Choose it again.`,
      { cause },
    );
  }
}
