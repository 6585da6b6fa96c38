// 100,000 rows of NDJSON and of CSV as records by `dipper import`, beside s5cmd that copies the same objects as files, and dataknobs' create_batch of a tenth of them. See README.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../scripts/build.mjs';
import { projectFolder } from '../scripts/set-up.mjs';
import { environmentOf } from './peers/environment.mjs';
import { dataknobs } from './peers/python.mjs';
import { s5cmd } from './peers/s5cmd.mjs';
import { startBenchServer } from './support/bench-server.mjs';
import { memoryFolder } from './support/memory-folder.mjs';
import { recordsOf } from './support/records.mjs';
import { runMeasured } from './support/run-measured.mjs';

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '3' } },
});
const count = Number(options.rows);
/** Of dataknobs, which takes so long that a tenth of the rows has to do. */
const FEW = Math.ceil(count / 10);
await build();

const folder = mkdtempSync(join(memoryFolder(), 'dipper-bench-import-'));
const files = join(folder, 'files');
mkdirSync(files);
const lines = [];
const cells = ['id,number,name,active,text'];
const beganWriting = performance.now();
let bytes = 0;
for (const { key, body } of recordsOf(count, 300)) {
  writeFileSync(join(files, key), body);
  bytes += body.length;
}
const writing = performance.now() - beganWriting;
for (const { body } of recordsOf(count, 300)) {
  const { id, number, name, active, text } = JSON.parse(body);
  lines.push(body);
  cells.push(`"${id}",${number},"${name}",${active},${text}`);
}
const fewRecords = join(folder, 'few.ndjson');
writeFileSync(
  fewRecords,
  Array.from(
    recordsOf(FEW, 300),
    ({ key, body }) => `${JSON.stringify({ id: JSON.parse(body).id, key, body })}\n`,
  ).join(''),
);
const ndjson = join(folder, 'rows.ndjson');
const csv = join(folder, 'rows.csv');
writeFileSync(ndjson, `${lines.join('\n')}\n`);
writeFileSync(csv, `${cells.join('\n')}\n`);

const server = await startBenchServer();
const environment = environmentOf({ endpoint: server.endpoint });
const dipper = join(projectFolder, 'dist/node/cli.js');

const LEGS = [
  { name: 's5cmd cp, 256 workers', words: (bucket) => s5cmdWords(bucket) },
  { name: 'dipper import, NDJSON', words: (bucket, round) => importWords(ndjson, bucket, round) },
  { name: 'dipper import, CSV', words: (bucket, round) => importWords(csv, bucket, round) },
];
if (dataknobs.find() === null)
  console.log('dataknobs is not on this machine: BENCH_PYTHON names a Python that has it.');
else LEGS.push({ name: `dataknobs create_batch, ${FEW.toLocaleString('en')} rows`, rows: FEW, words: dataknobsWords });

try {
  console.log(`${count.toLocaleString('en')} rows; files for s5cmd written in ${(writing / 1000).toFixed(1)} s`);
  const results = new Map(LEGS.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const [place, { name, words, rows = count }] of LEGS.entries()) {
      const bucket = `bench-${round}-${place}`;
      await server.order('clear');
      const outputFile = join(folder, 'output');
      const run = await runMeasured(words(bucket, `${round}-${place}`), { environment, outputFile });
      if (run.status !== 0) throw new Error(`${name} ended with ${run.status}: ${run.complaints}`);
      results.get(name).push({ ...run, rows });
      rmSync(join(folder, `data-${round}-${place}`), { recursive: true, force: true });
      const output = readFileSync(outputFile, 'utf8');
      if (name.startsWith('dipper')) checkOutput(output);
      // Python's start and the making of the records are no part of it.
      if (rows !== count) Object.assign(results.get(name).at(-1), workOf(output, rows));
    }
  }
  const peer = median(results.get(LEGS[0].name).map(({ wall }) => wall)) / count;
  for (const [name, runs] of results) {
    const { rows } = runs[0];
    const wall = median(runs.map((run) => run.wall));
    const cpu = median(runs.map((run) => run.cpu));
    const memory = Math.max(...runs.map((run) => run.memory ?? 0));
    console.log(
      `${name}: ${(wall / 1000).toFixed(1)} s, ${Math.round(rows / (wall / 1000)).toLocaleString('en')} records/s, ` +
        `${((peer * rows) / wall).toFixed(2)}× s5cmd; processor ${(cpu / 1000).toFixed(1)} s, ${Math.round((cpu * 1000) / rows)} µs a record; ` +
        `at most ${Math.round(memory / 1e6)} MB`,
    );
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function s5cmdWords(bucket) {
  return s5cmd.command('create', { bucket, prefix: 'rows/', sourceFolder: files, endpoint: server.endpoint }).words;
}

function dataknobsWords(bucket) {
  const place = { bucket, prefix: 'rows/', endpoint: server.endpoint, recordsFile: fewRecords };
  return dataknobs.command('create', place).words;
}

/** What it reports of the work alone. */
function workOf(text, rows) {
  const { records, wall, cpu } = JSON.parse(text.trim().split('\n').at(-1));
  if (records !== rows) throw new Error(`${records} of ${rows} rows were written by dataknobs.`);
  return { wall, cpu };
}

/** A data folder of its own: journal and index are part of the work. */
function importWords(file, bucket, round) {
  const place = ['--endpoint', server.endpoint, '--path-style', '--codec', 'plain'];
  return [
    process.execPath,
    dipper,
    'import',
    file,
    `s3://${bucket}/rows/`,
    ...place,
    '--data-dir',
    join(folder, `data-${round}`),
    '--json',
  ];
}

function checkOutput(text) {
  const { counts } = JSON.parse(text.trim().split('\n').at(-1));
  if (counts.done !== count) throw new Error(`${counts.done} of ${count} rows were imported.`);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}
