import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Writes the sandbox's sample records below `folder`, as the build does; answers the file's path. */
export async function writeSampleFile(folder: string): Promise<string> {
  const path = join(folder, 'sample-data.ndjson.gz');
  // The build's scripts are plain JavaScript without types.
  const url = pathToFileURL(join(import.meta.dirname, '../../../scripts/sample-data.mjs')).href;
  const script: { readonly writeSampleData: (path: string) => Promise<void> } = await import(url);
  await script.writeSampleData(path);
  return path;
}
