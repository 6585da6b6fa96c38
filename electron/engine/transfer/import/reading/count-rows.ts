import type { ImportReading } from '../../../../../shared/import.ts';
import { listFolder } from './folder-rows.ts';
import { openRows, type SourcePaths } from './open-rows.ts';
import { countParquetRows } from './parquet-rows.ts';

/** Rows of a source, bad ones included; reads all of it where nothing shorter tells. */
export async function countRows(
  { path, more = [] }: SourcePaths,
  reading: ImportReading,
  signal: AbortSignal,
): Promise<number> {
  if (reading.format === 'parquet') {
    let count = 0;
    for (const each of [path, ...more]) count += await countParquetRows(each);
    return count;
  }
  if (reading.format === 'folder') return (await listFolder(path)).length;
  const { rows } = await openRows({ path, more }, reading);
  let count = 0;
  for await (const group of rows) {
    count += group.length;
    if (signal.aborted) break;
  }
  return count;
}
