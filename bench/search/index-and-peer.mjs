import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { indexRecords } from './index-of-records.mjs';
import { writtenSql } from './written-sql.mjs';

/** The same records twice: in Dipper's index, and in a table of DuckDB's from a file of lines in `folder`. */
export async function indexAndPeer(records, folder) {
  const lines = join(folder, 'people.ndjson');
  const file = openSync(lines, 'w');
  let text = '';
  const index = await indexRecords(records, (key, body) => {
    text += `{"key":"${key}",${body.slice(1)}\n`;
    if (text.length < 1_000_000) return;
    writeSync(file, text);
    text = '';
  });
  writeSync(file, text);
  closeSync(file);
  return { index, peer: await writtenSql(lines) };
}
