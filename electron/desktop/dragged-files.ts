import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DraggedFile } from '../../shared/dragged-records.ts';
import { fileFailure } from '../../shared/file-failure.ts';

/**
 * What is dragged out of the window, as files of a folder of ours: where it is dropped copies it, some time later. A file
 * that was dragged stays until Dipper ends; one that was only made ready goes with the next.
 */
export interface DraggedFiles {
  /** Answers a handle. Throws `data-folder-unusable`, `disk-full`. */
  write(file: DraggedFile): Promise<string>;
  /** Its path, for a drag that begins; null for a handle that is not known any more. */
  take(handle: string): string | null;
  /** All of them, those of an earlier Dipper too. */
  removeAll(): void;
}

export function createDraggedFiles(folder: string): DraggedFiles {
  const taken = new Map<string, string>();
  let ready: { readonly handle: string; readonly path: string } | null = null;
  return {
    write: async ({ name, text }) => {
      const before = ready;
      ready = null;
      const handle = randomUUID();
      const path = join(folder, handle, name);
      try {
        if (before !== null) await rm(dirname(before.path), { recursive: true, force: true });
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(path, text, { mode: 0o600, flag: 'wx' });
      } catch (cause) {
        throw fileFailure(path, cause);
      }
      ready = { handle, path };
      return handle;
    },
    take: (handle) => {
      if (ready?.handle === handle) {
        taken.set(handle, ready.path);
        ready = null;
      }
      return taken.get(handle) ?? null;
    },
    removeAll: () => rmSync(folder, { recursive: true, force: true }),
  };
}
