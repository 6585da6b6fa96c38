// 100,000 rows of NDJSON and of CSV as records by `dipper import`, beside s5cmd that copies the same objects as files. See README.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../scripts/build.mjs';
import { projectFolder } from '../scripts/set-up.mjs';
import { environmentOf } from './peers/environment.mjs';
import { s5cmd } from './peers/s5cmd.mjs';
import { startBenchServer } from './support/bench-server.mjs';
import { memoryFolder } from './support/memory-folder.mjs';
import { recordsOf } from './support/records.mjs';
import { runMeasured } from './support/run-measured.mjs';

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '3' } },
});
const count = Number(options.rows);
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

try {
  console.log(`${count.toLocaleString('en')} rows; files for s5cmd written in ${(writing / 1000).toFixed(1)} s`);
  const results = new Map(LEGS.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const [place, { name, words }] of LEGS.entries()) {
      const bucket = `bench-${round}-${place}`;
      await server.order('clear');
      const outputFile = join(folder, 'output');
      const run = await runMeasured(words(bucket, `${round}-${place}`), { environment, outputFile });
      if (run.status !== 0) throw new Error(`${name} ended with ${run.status}: ${run.complaints}`);
      results.get(name).push(run);
      rmSync(join(folder, `data-${round}-${place}`), { recursive: true, force: true });
      if (name.startsWith('dipper')) checkOutput(readFileSync(outputFile, 'utf8'));
    }
  }
  const peer = median(results.get(LEGS[0].name).map(({ wall }) => wall));
  for (const [name, runs] of results) {
    const wall = median(runs.map((run) => run.wall));
    const cpu = median(runs.map((run) => run.cpu));
    const memory = Math.max(...runs.map((run) => run.memory ?? 0));
    console.log(
      `${name}: ${(wall / 1000).toFixed(1)} s, ${Math.round(count / (wall / 1000)).toLocaleString('en')} records/s, ` +
        `${(peer / wall).toFixed(2)}× s5cmd; processor ${(cpu / 1000).toFixed(1)} s, ${Math.round((cpu * 1000) / count)} µs a record; ` +
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
