// 1,000,000 records of an index as files, beside DuckDB's own COPY of the same rows. See README.md.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { indexAndPeer } from './search/index-and-peer.mjs';
import { searchRecords } from './search/records.mjs';
import { memoryFolder } from './support/memory-folder.mjs';
import { indexProcess, memoryOf, processorOf } from './support/process-figures.mjs';

const { values: options } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, only: { type: 'string' } },
});
const records = searchRecords(Number(options.records));
const folder = mkdtempSync(join(memoryFolder(), 'dipper-bench-export-'));
const { index, peer } = await indexAndPeer(records, folder);

const BY_KEY = {};
const BY_SCORE = { sort: [{ field: 'score', direction: 'asc' }] };
const COPY_CSV = '(FORMAT csv, HEADER)';

const EXPORTS = [
  { name: 'NDJSON', form: { format: 'ndjson' }, query: BY_KEY, order: 'key', copy: '(FORMAT json)', least: 200_000 },
  { name: 'NDJSON by score', form: { format: 'ndjson' }, query: BY_SCORE, order: 'score', copy: '(FORMAT json)' },
  { name: 'NDJSON, two fields', form: { format: 'ndjson' }, query: { select: ['name', 'salary'] } },
  { name: 'CSV', form: { format: 'csv' }, query: BY_KEY, order: 'key', copy: COPY_CSV },
  {
    name: 'Parquet',
    form: { format: 'parquet' },
    query: BY_KEY,
    order: 'key',
    copy: '(FORMAT parquet)',
    least: 100_000,
  },
  { name: 'NDJSON, gzip', form: { format: 'ndjson', compression: 'gzip' }, query: BY_KEY },
  { name: 'NDJSON, Zstandard', form: { format: 'ndjson', compression: 'zstd' }, query: BY_KEY },
];

let missed = 0;
try {
  for (const [place, { name, form, query, order, copy, least }] of EXPORTS.entries()) {
    if (options.only !== undefined && options.only !== form.format) continue;
    const target = join(folder, `export-${place}`);
    const { seconds, processor, most } = await exported(`bench-${place}`, target, form, query);
    const rate = Math.round(records.count / seconds);
    const size = statSync(target).size;
    const peers = copy === undefined ? '' : `; COPY ${await copied(join(folder, 'copy'), order, copy)}`;
    const met = least === undefined ? '' : rate >= least ? ': met' : `: missed (≥ ${least.toLocaleString('en')})`;
    if (met.includes('missed')) missed += 1;
    console.log(
      `${name}: ${rate.toLocaleString('en')} records/s, ${seconds.toFixed(1)} s, processor ${processor.toFixed(1)} s, ` +
        `${(size / 1e6).toFixed(0)} MB, at most ${most.toFixed(0)} MB PSS${peers}${met}`,
    );
    rmSync(target);
  }
} finally {
  peer.close();
  await index.close();
  rmSync(folder, { recursive: true });
}
if (missed > 0) process.exitCode = 1;

/** By the calls that a job makes; the memory is that of the process of the index, looked at between them. */
async function exported(job, path, form, query) {
  const whole = { compression: 'none', withId: true, withMetadata: true, formulaGuard: true, split: null, ...form };
  const target = { path, overwrite: true };
  const pid = indexProcess();
  const before = processorOf(pid);
  let most = 0;
  const began = performance.now();
  await index.call('beginExport', { job, query: JSON.stringify(query), form: whole, target, checkpoint: null });
  for (let isWhole = false; !isWhole;) {
    ({ isWhole } = await index.call('exportStep', { job, large: null }));
    most = Math.max(most, memoryOf(pid));
  }
  await index.call('publishExport', { job });
  await index.call('closeExport', { job });
  const seconds = (performance.now() - began) / 1000;
  return { seconds, processor: processorOf(pid) - before, most };
}

async function copied(path, order, form) {
  const began = performance.now();
  await peer.run(`COPY (SELECT * FROM people ORDER BY ${order}, key) TO '${path}' ${form}`);
  const seconds = (performance.now() - began) / 1000;
  rmSync(path);
  return `${Math.round(records.count / seconds).toLocaleString('en')} records/s`;
}
