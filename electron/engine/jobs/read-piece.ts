import { open } from 'node:fs/promises';
import { fileFailure } from '../../../shared/file-failure.ts';
import { PIECE_OF_FILE } from '../../../shared/given-file.ts';

/** A piece of a file of the data folder in base64; `next` is null after the last. */
export async function readPiece(
  path: string,
  from: number,
): Promise<{ readonly bytes: string; readonly next: number | null }> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE_OF_FILE), 0, PIECE_OF_FILE, from);
      const { size } = await file.stat();
      const next = from + bytesRead;
      return { bytes: buffer.toString('base64', 0, bytesRead), next: next < size ? next : null };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileFailure(path, cause);
  }
}
