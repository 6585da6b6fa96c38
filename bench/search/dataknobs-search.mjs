import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { dataknobs } from '../peers/python.mjs';
import { python } from '../peers/environment.mjs';

const script = join(import.meta.dirname, '../peers/work/dataknobs-search.py');

/** Median milliseconds that dataknobs-data's own search takes for each query; null where the machine has it not. */
export function dataknobsSearch(records, queries, runs) {
  if (dataknobs.find() === null) return null;
  const rows = Array.from({ length: records.count }, (_, row) => [records.keyOf(row), records.bodyOf(row)]);
  const input = [rows, ...queries.map((query) => ({ query, runs }))]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
  const { status, stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`dataknobs-data failed: ${stderr}`);
  return stdout.trim().split('\n').map(Number);
}
