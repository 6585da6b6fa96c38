import type { DraggedFile } from '../../../../shared/dragged-records.ts';
import type { DraggedRows } from '../../index/protocol.ts';
import { safeFileName } from '../../safe-file-name.ts';

/** One record is called as its object is, several as their collection. */
export function draggedFile(collection: string, { text, key }: DraggedRows): DraggedFile {
  if (key === null) return { name: safeFileName(`${collection}.ndjson`), mediaType: 'application/x-ndjson', text };
  const last = key.split('/').findLast((part) => part !== '') ?? '';
  const name = last.toLowerCase().endsWith('.json') ? last : `${last}.json`;
  return { name: safeFileName(name), mediaType: 'application/json', text };
}
