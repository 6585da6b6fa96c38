import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { safeFileName } from '../../safe-file-name.ts';

/** A name that has been told apart from another already, or looks like it. */
const TOLD_APART = /~[0-9a-f]{8}(?:\.|$)/;

/**
 * The path of an object's file below the folder of the export, in parts: folders as in the key. A part that no system would
 * take, or that another could be taken for, has a piece of its hash behind it, so that no two keys share a file. `isTwin`:
 * another key differs from this one in capitals alone.
 */
export function objectPath(prefix: string, key: string, isTwin: boolean): readonly string[] {
  const parts = key.slice(prefix.length).split('/');
  return parts.map((part, place) => {
    const safe = safeFileName(part);
    const isLast = place === parts.length - 1;
    const stays = safe === part && !TOLD_APART.test(part) && !(isTwin && isLast);
    return stays ? part : toldApart(safe, parts.slice(0, place + 1).join('/'));
  });
}

/** `a~3f29c1d0.json`: of the same text always the same. */
export function toldApart(name: string, text: string): string {
  const extension = extname(name);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${name.slice(0, name.length - extension.length)}~${hash}${extension}`;
}
