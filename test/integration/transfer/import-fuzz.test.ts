import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Zstd } from '@hpcc-js/wasm-zstd';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createImportReaders, type ImportReaders } from '../../../electron/engine/transfer/import/import-readers.ts';
import { ImportReader } from '../../../electron/engine/transfer/import/reading/import-reader.ts';
import { inspectSource } from '../../../electron/engine/transfer/import/reading/inspect-source.ts';
import type { PreparedRow } from '../../../electron/engine/transfer/import/reading/prepare-rows.ts';
import type { ImportSettings } from '../../../shared/import.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { AppFailure } from '../../../shared/result.ts';
import { pick, seededRandom } from '../../unit/json/random-json.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';

/** `npm run test:long` asks for more. */
const isLong = process.env['DIPPER_TEST_LONG'] === '1';
const TEXTS = isLong ? 100_000 : 300;
const BINARIES = isLong ? 3_000 : 30;

let folder: string;
let spawner: TestSpawner;
let readers: ImportReaders;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-fuzz-'));
  spawner = await buildIndexProcess();
  readers = createImportReaders(spawner.spawn);
});

afterAll(async () => {
  await readers.dispose();
  await spawner.remove();
  await rm(folder, { recursive: true, force: true });
});

const SAMPLES = [
  'id,name,n\n1,"Ann, ""A""",5\r\n2,Ben,\n3,"x\ny",-0.5\n',
  'a;b\tc|d\n"1";2\t"3|4\n',
  '{"id":1,"a":[1,{"b":null}]}\n{"id":2,"x":"\\u00e9\\n"}\n\n{"id":3}\n',
  '[{"id":1,"n":1e400},{"id":"b","t":"]}"},\n{"id":3}]',
  '{"fields": {"a": {"name": "a", "value": 1, "type": "integer", "metadata": {}}}, "id": "x", "metadata": {}}',
];
const TOKENS = [
  '"',
  '""',
  ',',
  ';',
  '\n',
  '\r',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  '\u0000',
  '\ufeff',
  '\ud800',
  'NaN',
  '1e9',
  "'=",
];

/** A sample with some of it cut, doubled, replaced, or nothing but tokens. */
function garbage(random: () => number): Buffer {
  let text = random() < 0.1 ? '' : pick(random, SAMPLES);
  for (let changes = Math.floor(random() * 8); changes >= 0; changes -= 1) {
    const at = Math.floor(random() * (text.length + 1));
    const end = at + Math.floor(random() * random() * (text.length - at + 1));
    const put = random() < 0.6 ? pick(random, TOKENS) : random() < 0.5 ? '' : text.slice(at, end).repeat(2);
    text = text.slice(0, at) + put + text.slice(end);
  }
  const bytes = Buffer.from(text, random() < 0.1 ? 'utf16le' : 'utf8');
  for (let flips = random() < 0.3 ? 3 : 0; flips > 0 && bytes.byteLength > 0; flips -= 1) {
    bytes[Math.floor(random() * bytes.byteLength)] = Math.floor(random() * 256);
  }
  return bytes;
}

function preparing(settings: ImportSettings) {
  const place = { bucket: 'b', prefix: 'p/', codec: 'dataknobs', keyTemplate: '{id}.json' } as const;
  return { settings, place, minting: { job: 'fuzz', startedAt: 0 } };
}

/** Rows follow each other, each with a record that is one or a reason. */
function checkRow(row: PreparedRow, index: number): void {
  expect(row.index).toBe(index);
  if (row.problem === null) expect(readJson(row.body ?? row.record).kind).toBe('object');
  else expect(row.problem.length).toBeGreaterThan(0);
}

test(
  'whatever a text file holds, it is rows and bad rows, or a sentence why it cannot be read',
  { timeout: 60_000 + TEXTS * 30 },
  async () => {
    const formats = ['found', 'found', 'csv', 'ndjson', 'json'] as const;
    let good = 0;
    for (let seed = 1; seed <= TEXTS; seed += 1) {
      const random = seededRandom(seed);
      const path = join(folder, 'text');
      await writeFile(path, garbage(random));
      const format = pick(random, formats);
      const name = pick(random, ['a.csv', 'b.json', 'c.jsonl', 'd']);
      try {
        const { settings } = await inspectSource({ path }, name, format === 'found' ? {} : { format }, 'dataknobs');
        const reader = await ImportReader.open({ path, from: 0, ...preparing(settings) });
        let index = 0;
        for (let isLast = false; !isLast;) {
          const next = await reader.next();
          ({ isLast } = next);
          for (const row of next.rows) {
            checkRow(row, index);
            index += 1;
            if (row.problem === null) good += 1;
          }
        }
        await reader.close();
      } catch (error) {
        if (!(error instanceof AppFailure)) throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    expect(good).toBeGreaterThan(TEXTS / 8);
  },
);

async function parquet(): Promise<Buffer> {
  const path = join(folder, 'whole.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT i AS id, 'name ' || i AS name, [i, i + 1] AS list, {'a': i} AS s, i / 3 AS n FROM range(300) t(i))
     TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 100)`,
  );
  connection.closeSync();
  return readFile(path);
}

test(
  'a broken Parquet, gzip or zstd file is one that cannot be read, and the process that reads it goes on',
  { timeout: 60_000 + BINARIES * 200 },
  async () => {
    const { signal } = new AbortController();
    const lines = Buffer.from(Array.from({ length: 2_000 }, (_, n) => `{"id":${n}}\n`).join(''));
    const samples = [await parquet(), gzipSync(lines), Buffer.from((await Zstd.load()).compress(lines))];
    let failed = 0;
    for (let seed = 1; seed <= BINARIES; seed += 1) {
      const random = seededRandom(seed);
      const sample = Buffer.from(pick(random, samples));
      for (let flips = Math.floor(random() * 6); flips > 0; flips -= 1) {
        sample[4 + Math.floor(random() * (sample.byteLength - 4))] = Math.floor(random() * 256);
      }
      const path = join(folder, `binary-${seed % 4}`);
      await writeFile(path, random() < 0.3 ? sample.subarray(0, Math.floor(random() * sample.byteLength)) : sample);
      try {
        const { settings } = await readers.inspect({ path, name: 'file' }, {}, 'dataknobs', signal);
        let index = 0;
        for await (const row of readers.rows({ path, from: 0, ...preparing(settings) }, signal)) {
          checkRow(row, index);
          index += 1;
        }
      } catch (error) {
        if (!(error instanceof AppFailure)) throw new Error(`seed ${seed}`, { cause: error });
        failed += 1;
      }
    }
    expect(failed).toBeGreaterThan(BINARIES / 8);
    expect(spawner.started()).toBe(1);
  },
);
