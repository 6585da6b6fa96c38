import { PIECE_OF_FILE } from '../../shared/given-file.ts';
import type { ImportSource } from '../../shared/import.ts';
import type { CommandContext, OpenDipper } from './session.ts';

/** What stands for it in place of a file's name. */
export const STANDARD_INPUT = '-';

/**
 * Standard input as the source of an import: it is copied into the data folder first, because the rows of an import are read
 * from their start in each of its runs. The copy goes with the import.
 */
export async function withInput<T>(
  { terminal }: CommandContext,
  { caller, signal }: OpenDipper,
  work: (source: ImportSource) => Promise<T>,
): Promise<T> {
  const { handle } = await caller.call('files:begin', { name: 'standard input', kind: 'file' }, signal);
  try {
    for await (const bytes of inPieces(terminal.input())) {
      await caller.call('files:append', { handle, path: '', bytes: bytes.toString('base64') }, signal);
    }
    return await work({ handle });
  } finally {
    // Also after Ctrl-C: a job that goes on later keeps it. Whoever has ended meanwhile holds nothing any more.
    await caller.call('files:release', { handle }).catch(() => undefined);
  }
}

/** Pipes give a few kilobytes at a time, and a call costs the same for a megabyte. */
async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.byteLength;
    if (length < PIECE_OF_FILE) continue;
    const all = Buffer.concat(held);
    let from = 0;
    for (; all.byteLength - from >= PIECE_OF_FILE; from += PIECE_OF_FILE)
      yield all.subarray(from, from + PIECE_OF_FILE);
    held = [all.subarray(from)];
    length = all.byteLength - from;
  }
  if (length > 0) yield Buffer.concat(held);
}
