import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Collection } from '../../../shared/collection.ts';
import type { GivenReading, ImportSettings, ImportSource, OnConflict } from '../../../shared/import.ts';
import { hasEnded, type Job } from '../../../shared/job.ts';
import { targetOf } from '../support/sandbox.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import {
  BUCKET,
  COLLECTION,
  collectionOf,
  CONNECTION,
  startJobsWorld,
  type JobsWorld,
} from '../jobs/support/jobs-world.ts';

const collection = COLLECTION;
const { signal } = new AbortController();

let spawner: TestSpawner;
let world: JobsWorld;
let prefix: string;
let count = 0;

beforeAll(async () => {
  spawner = await buildIndexProcess();
  world = await startJobsWorld({ spawner });
});

afterAll(async () => {
  await world.stop();
  await spawner.remove();
});

beforeEach(() => {
  count += 1;
  prefix = `movies-${count}/`;
  useCollection({});
});

afterEach(() => world.engine.forgetCollection(COLLECTION));

/** Each test has a prefix of its own. */
function useCollection(changes: Partial<Collection>): void {
  world.collections.set(COLLECTION, collectionOf({ prefix, ...changes }));
}

const target = () => ({ collection: world.collections.get(COLLECTION) ?? collectionOf(), connection: CONNECTION });
const ended = (job: Job): Promise<Job> => world.wait(job.id, ({ state }) => hasEnded(state));

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(world.folder, name);
  await writeFile(path, content);
  return path;
}

async function settingsOf(
  source: ImportSource,
  changes: Partial<ImportSettings>,
  given: GivenReading = {},
): Promise<ImportSettings> {
  const { settings } = await world.engine.imports.inspect(target(), source, given, signal);
  return { ...settings, ...changes };
}

/** The job at once. */
async function begin(
  source: ImportSource,
  changes: Partial<ImportSettings> = {},
  badRows: string | null = null,
): Promise<Job> {
  const settings = await settingsOf(source, changes);
  const place = badRows === null ? null : { path: badRows };
  return world.start({ kind: 'import', collection, source, settings, badRows: place });
}

const body = async (key: string): Promise<string> =>
  Buffer.from((await world.client.getObject(BUCKET, key, {})).body).toString();

async function keys(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { objects } of world.client.listAllObjects(BUCKET, { prefix })) {
    found.push(...objects.map(({ key }) => key));
  }
  return found;
}

function numberIn(text: string): number {
  const { n }: { readonly n: number } = JSON.parse(text);
  return n;
}

test('a CSV with bad rows leaves the good ones in the bucket and in the index, the others in a file that is imported once it is mended', async () => {
  const bad = new Set([3, 77, 78, 900]);
  const rows = Array.from({ length: 1_200 }, (_, n) =>
    bad.has(n) ? `${n},x${n},1\n` : `${n},"name ${n}",${n}.5,${n % 2 === 0}\n`,
  );
  const path = await fileOf('movies.csv', `id,name,n,even\n${rows.join('')}`);
  const errors = join(world.folder, 'bad.csv');
  const job = await ended(await begin({ path }, {}, errors));
  expect(job).toMatchObject({
    state: 'completed-with-errors',
    counts: { total: 1_200, done: 1_196, unchanged: 0, failed: 4 },
  });
  expect(await body(`${prefix}11.json`)).toBe('{"id":11,"name":"name 11","n":11.5,"even":false}');
  const query = JSON.stringify({ where: { combinator: 'and', rules: [{ field: 'n', operator: '>', value: 1000 }] } });
  const opened = await world.engine.openQuery(target(), query, 'complete', signal);
  expect(opened.total).toBe(200);
  const failures = await world.report(job.id, true);
  expect(failures.map(({ index, error }) => [index, error?.message])).toEqual(
    [...bad].map((n) => [n, `Line ${n + 2}: The row has 3 values, not 4 as the others.`]),
  );

  const written = await readFile(errors, 'utf8');
  expect(written.split('\n').slice(0, 2)).toEqual([
    '_error,id,name,n,even',
    '"line 5: The row has 3 values, not 4 as the others.",3,x3,1',
  ]);
  const again = join(world.folder, 'again.csv');
  const stillBad = await ended(await begin({ path: errors }, {}, again));
  expect(stillBad.counts).toEqual({ total: 4, done: 0, unchanged: 0, failed: 4 });
  expect((await readFile(again, 'utf8')).split('\n')[1]).toBe(
    '"line 2: The row has 3 values, not 4 as the others.",3,x3,1',
  );
  await writeFile(errors, written.replaceAll(/,1$/gm, ',1,true'));
  expect(await ended(await begin({ path: errors }))).toMatchObject({ state: 'completed', counts: { done: 4 } });
  expect(await body(`${prefix}77.json`)).toBe('{"id":77,"name":"x77","n":1,"even":true}');
  expect(await keys()).toHaveLength(1_200);
});

test('bad rows of JSON are lines with their reason, which are imported as they were', async () => {
  const path = await fileOf('rows.json', '[{"id":"a","n":1}, {"id":"b","n":}, {"id":"new"}, 5]');
  await world.client.putObject(BUCKET, `${prefix}a.json`, Buffer.from('{}'), {});
  const errors = join(world.folder, 'bad.ndjson');
  const job = await ended(await begin({ path }, { fields: null }, errors));
  expect(job.counts).toEqual({ total: 4, done: 1, unchanged: 0, failed: 3 });
  const lines = (await readFile(errors, 'utf8')).trim().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { _error: expect.stringContaining(`row 1: There is already an object "${prefix}a.json"`), id: 'a', n: 1 },
    { _error: expect.stringContaining('row 2: The row is no JSON'), _row: '{"id":"b","n":}' },
    { _error: 'row 4: The row is a number, not an object.', _row: '5' },
  ]);
  await writeFile(errors, lines.join('\n').replace('\\"n\\":}', '\\"n\\":2}'));
  const again = await ended(await begin({ path: errors }, { onConflict: 'overwrite' }));
  expect(again.counts).toEqual({ total: 3, done: 2, unchanged: 0, failed: 1 });
  expect([await body(`${prefix}a.json`), await body(`${prefix}b.json`)]).toEqual([
    '{"id":"a","n":1}',
    '{"id":"b","n":2}',
  ]);
});

test('a row that is there twice is newer than the first only where it says so, as the dry run tells', async () => {
  const dated = '{"id":"b","n":1,"updated_at":"2030-01-01"}\n{"id":"b","n":2,"updated_at":"2031-01-01"}\n';
  const path = await fileOf('twice.ndjson', `{"id":"a","n":1}\n{"id":"a","n":2}\n${dated}`);
  // S3 counts in whole seconds: a file of this one would be newer.
  await utimes(path, new Date('2020-01-01'), new Date('2020-01-01'));
  const settings = await settingsOf({ path }, { onConflict: 'newer' });
  const { counts } = await world.engine.imports.forecast(target(), { path }, settings, signal);
  expect(counts).toMatchObject({ new: 2, kept: 1, changed: 1 });
  const done = await ended(await begin({ path }, { onConflict: 'newer' }));
  expect(done.counts).toEqual({ total: 4, done: 3, unchanged: 1, failed: 0 });
  expect([await body(`${prefix}a.json`), await body(`${prefix}b.json`)]).toEqual([
    '{"id":"a","n":1}',
    '{"id":"b","n":2,"updated_at":"2031-01-01"}',
  ]);
});

/** What is there before, and what is to become of rows for it. */
const THERE = {
  same: '{"n": 1, "id": "same"}',
  old: '{"id":"old","n":1,"extra":true,"updated_at":"2024-01-01T00:00:00Z"}',
  young: '{"id":"young","n":1,"updated_at":"2026-01-01T00:00:00Z"}',
};
const ROWS = [
  '{"id":"new","n":0}',
  '{"id":"same","n":1}',
  '{"id":"old","n":2,"updated_at":"2025-01-01"}',
  '{"id":"young","n":2,"updated_at":"2025-01-01"}',
  '{"id":',
].join('\n');
const KEPT_OLD = THERE.old;
const KEPT_YOUNG = THERE.young;
const NEW_OLD = '{"id":"old","n":2,"updated_at":"2025-01-01"}';
const NEW_YOUNG = '{"id":"young","n":2,"updated_at":"2025-01-01"}';

test.for<readonly [OnConflict, string, string, string, object]>([
  ['fail', 'done failed failed failed failed', KEPT_OLD, KEPT_YOUNG, { new: 1, conflict: 3, invalid: 1 }],
  ['skip', 'done unchanged unchanged unchanged failed', KEPT_OLD, KEPT_YOUNG, { new: 1, kept: 3, invalid: 1 }],
  ['overwrite', 'done unchanged done done failed', NEW_OLD, NEW_YOUNG, { new: 1, same: 1, changed: 2, invalid: 1 }],
  ['newer', 'done unchanged done unchanged failed', NEW_OLD, KEPT_YOUNG, { new: 1, kept: 2, changed: 1, invalid: 1 }],
  [
    'merge',
    'done unchanged done done failed',
    '{"id":"old","n":2,"extra":true,"updated_at":"2025-01-01"}',
    NEW_YOUNG,
    { new: 1, same: 1, changed: 2, invalid: 1 },
  ],
])(
  'where records are there already, "%s" does what its dry run says',
  async ([onConflict, outcomes, old, young, fates]) => {
    for (const [name, text] of Object.entries(THERE)) {
      const headers = { userMetadata: [{ key: 'by', value: 'us' }], tags: [{ key: 'kept', value: 'yes' }] };
      await world.client.putObject(BUCKET, `${prefix}${name}.json`, Buffer.from(text), { headers });
    }
    const path = await fileOf('rows.ndjson', ROWS);
    // Rows without a time of their own are as old as their file.
    await utimes(path, new Date('2020-01-01'), new Date('2020-01-01'));
    const settings = await settingsOf({ path }, { onConflict });
    const forecast = await world.engine.imports.forecast(target(), { path }, settings, signal);
    const none = { new: 0, changed: 0, same: 0, kept: 0, conflict: 0, invalid: 0 };
    expect([forecast.rows, forecast.counts]).toEqual([5, { ...none, ...fates }]);
    if (onConflict === 'merge') {
      expect(forecast.examples.find(({ key }) => key === `${prefix}old.json`)?.changes).toEqual([
        { path: ['n'], before: '1', after: '2' },
        { path: ['updated_at'], before: '"2024-01-01T00:00:00Z"', after: '"2025-01-01"' },
      ]);
    }
    expect(await keys()).toHaveLength(3);

    const job = await ended(
      await world.start({ kind: 'import', collection, source: { path }, settings, badRows: null }),
    );
    const report = await world.report(job.id);
    expect(report.map(({ outcome }) => outcome).join(' ')).toBe(outcomes);
    const there = onConflict === 'skip' || onConflict === 'newer' ? 'kept' : 'same already';
    const over = onConflict === 'merge' ? 'merged' : 'overwritten';
    expect(report.map(({ action }) => action)).toEqual(
      report.map(({ outcome, key }) => {
        if (outcome === 'failed') return 'none';
        if (outcome === 'unchanged') return there;
        return key === `${prefix}new.json` ? 'created' : over;
      }),
    );
    expect(await body(`${prefix}new.json`)).toBe('{"id":"new","n":0}');
    expect(await body(`${prefix}same.json`)).toBe(THERE.same);
    expect([await body(`${prefix}old.json`), await body(`${prefix}young.json`)]).toEqual([old, young]);
    const head = await world.client.headObject(BUCKET, `${prefix}old.json`, {});
    expect([head.userMetadata, head.tagCount]).toEqual([[{ key: 'by', value: 'us' }], 1]);
  },
);

test('an import that was paused goes on with the same file alone, under the ids that it began with', async () => {
  const total = 2_000;
  const rows = Array.from({ length: total }, (_, n) => `{"n":${n}}\n`).join('');
  const path = await fileOf('rows.ndjson', rows);
  world.sandbox.faults.set([{ operation: 'PutObject', fault: { kind: 'delay', milliseconds: 100 } }]);
  const begun = await begin({ path }, { key: '{uuid7}' });
  // Beside the writing the rows are counted.
  const running = await world.wait(begun.id, ({ counts }) => counts.done > 10 && counts.total !== null);
  expect(running).toMatchObject({ state: 'running', counts: { total } });
  const paused = await world.engine.jobs.pause(begun.id);
  expect([paused.state, paused.counts.done < total]).toEqual(['paused', true]);
  world.sandbox.faults.set([]);

  const facts = await stat(path);
  await writeFile(path, `{"n":-1}\n${rows}`);
  await world.restart();
  await world.engine.jobs.resume(begun.id);
  const refused = await world.wait(begun.id, ({ state, error }) => state === 'paused' && error !== null);
  expect(refused.error?.message).toContain('is not what it was when this import began');

  await writeFile(path, rows);
  await utimes(path, facts.atime, facts.mtime);
  await world.engine.jobs.resume(begun.id);
  expect(await ended(begun)).toMatchObject({ state: 'completed', counts: { total, done: total, failed: 0 } });
  const found = await keys();
  const numbers = await Promise.all(found.map(async (key) => numberIn(await body(key))));
  // Ids of version 7 sort as the rows do.
  expect(numbers).toEqual(Array.from({ length: total }, (_, n) => n));
});

test('an object in S3 is imported too, as dataknobs records with tags, class and metadata', async () => {
  useCollection({ codec: 'dataknobs' });
  const lines = '{"name":"Ann","year":1.0,"state":"new"}\n{"name":"Zoë","state":null}\n';
  await world.client.putObject(BUCKET, 'exports/people.ndjson.gz', gzipSync(lines), {});
  const source = { object: { bucket: BUCKET, key: 'exports/people.ndjson.gz' } };
  const job = await begin(source, {
    key: '{field:name}',
    tags: ['state'],
    userMetadata: [{ key: 'origin', value: 'import' }],
    storageClass: 'STANDARD_IA',
  });
  expect(await ended(job)).toMatchObject({ state: 'completed', counts: { total: 2, done: 2 } });
  const head = await world.client.headObject(BUCKET, `${prefix}Ann.json`, {});
  expect([head.storageClass, head.userMetadata]).toEqual(['STANDARD_IA', [{ key: 'origin', value: 'import' }]]);
  expect(await world.client.getObjectTagging(BUCKET, `${prefix}Ann.json`, {})).toEqual([
    { key: 'state', value: 'new' },
  ]);
  expect(await world.client.getObjectTagging(BUCKET, `${prefix}Zoë.json`, {})).toEqual([]);
  const at = new Date(job.createdAt).toISOString().replace('Z', '');
  const time = at.endsWith('.000') ? at.slice(0, -4) : `${at}000`;
  expect(await body(`${prefix}Ann.json`)).toBe(
    '{"fields": {"name": {"name": "name", "value": "Ann", "type": "string", "metadata": {}}, ' +
      '"year": {"name": "year", "value": 1.0, "type": "float", "metadata": {}}, ' +
      '"state": {"name": "state", "value": "new", "type": "string", "metadata": {}}}, ' +
      `"id": "Ann", "metadata": {"id": "Ann", "created_at": "${time}+00:00", "updated_at": "${time}+00:00"}}`,
  );
});

test('an import stops after so many bad rows, and goes on past them when it is resumed', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => (n % 4 === 0 ? 'broken' : `{"id":"${n}"}`)).join('\n');
  const path = await fileOf('rows.ndjson', rows);
  const begun = await begin({ path }, { stopAfter: 3 });
  const stopped = await world.wait(begun.id, ({ state }) => state === 'paused');
  expect(stopped.error?.message).toMatch(/^3 rows of .* failed, and the import was to stop then\./);
  for (let state = stopped.state; state === 'paused';) {
    await world.engine.jobs.resume(begun.id);
    ({ state } = await world.wait(begun.id, (job) => job.state === 'paused' || hasEnded(job.state)));
  }
  expect(world.engine.jobs.list()[0]).toMatchObject({
    state: 'completed-with-errors',
    counts: { total: 40, done: 30, failed: 10 },
  });
});

test('an import that has nothing left to do when it is resumed says all the same how many rows there were', async () => {
  const path = await fileOf('rows.ndjson', 'broken\n');
  const begun = await begin({ path }, { stopAfter: 1 });
  await world.wait(begun.id, ({ state }) => state === 'paused');
  await world.engine.jobs.resume(begun.id);
  const { counts } = await ended(begun);
  expect(counts).toEqual({ total: 1, done: 0, unchanged: 0, failed: 1 });
});

test('rows that failed are tried again, and an import is undone: what it made goes, what it replaced comes back', async () => {
  const path = await fileOf('rows.ndjson', '{"id":"a","n":1}\n{"id":"b","n":1}\nbroken\n{"id":"c","n":1}\n');
  for (const name of ['a', 'b']) await world.client.putObject(BUCKET, `${prefix}${name}.json`, Buffer.from('{}'), {});
  const first = await ended(await begin({ path }));
  expect(first.counts).toEqual({ total: 4, done: 1, unchanged: 0, failed: 3 });
  await world.client.deleteObject(BUCKET, `${prefix}a.json`, {});
  const again = await ended(await world.engine.jobs.retry(first.id));
  expect(again.counts).toEqual({ total: 3, done: 1, unchanged: 0, failed: 2 });
  const report = await world.report(again.id);
  expect(report.map(({ index, outcome }) => `${index} ${outcome}`)).toEqual(['0 done', '1 failed', '2 failed']);
  expect(await body(`${prefix}a.json`)).toBe('{"id":"a","n":1}');

  const replaced = await ended(await begin({ path }, { onConflict: 'overwrite' }));
  expect(replaced.counts).toEqual({ total: 4, done: 1, unchanged: 2, failed: 1 });
  expect(await ended(await world.engine.jobs.undo(replaced.id))).toMatchObject({ state: 'completed' });
  expect(await body(`${prefix}b.json`)).toBe('{}');
  expect(await ended(await world.engine.jobs.undo(first.id))).toMatchObject({ state: 'completed' });
  expect(await keys()).toEqual([`${prefix}a.json`, `${prefix}b.json`]);
});

test('an import of more rows than the budget of its connection allows asks first', async () => {
  const path = await fileOf('rows.ndjson', '{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n');
  const settings = await settingsOf({ path }, {});
  const request = { kind: 'import', collection, source: { path }, settings, badRows: null } as const;
  const connection = { ...CONNECTION, id: 'narrow', budget: { requests: 2, dollars: null } };
  world.others.set(connection.id, { connection, target: targetOf(world.sandbox) });
  useCollection({ connectionId: connection.id });
  await expect(world.engine.startJob(request, 'within-budget', signal)).rejects.toMatchObject({
    error: { code: 'ask-first' },
  });
  expect(await keys()).toEqual([]);
  const job = await world.engine.startJob(request, 'anything', signal);
  expect((await ended(job)).counts.done).toBe(3);
});

test('rules give rows their storage class by size and fields, those of the collection the others; a dry run prices them', async () => {
  useCollection({ storageRules: [{ where: 'kind = "log"', storageClass: 'ONEZONE_IA' }] });
  const large = 'x'.repeat(140_000);
  const rows = [
    { id: 'closed', status: 'closed' },
    { id: 'large', text: large },
    { id: 'log', kind: 'log' },
    { id: 'open', status: 'open' },
  ];
  const path = await fileOf('ruled.ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const storageRules = [
    { where: '@size > 131072', storageClass: 'STANDARD_IA' },
    { where: 'status = "closed"', storageClass: 'GLACIER_IR' },
  ];
  const settings = await settingsOf({ path }, { storageRules });
  const preview = await world.engine.imports.preview(target(), { path }, settings, 10, signal);
  const classes = ['GLACIER_IR', 'STANDARD_IA', 'ONEZONE_IA', null];
  expect(preview.map(({ storageClass }) => storageClass)).toEqual(classes);
  const { ruled } = await world.engine.imports.forecast(target(), { path }, settings, signal);
  expect(ruled?.map(({ storageClass, objects }) => [storageClass, objects])).toEqual([
    ['GLACIER_IR', 1],
    ['ONEZONE_IA', 1],
    ['STANDARD', 1],
    ['STANDARD_IA', 1],
  ]);
  expect((await ended(await begin({ path }, { storageRules }))).counts).toMatchObject({ done: 4, failed: 0 });
  const written = rows.map(({ id }) => world.client.headObject(BUCKET, `${prefix}${id}.json`, {}));
  expect((await Promise.all(written)).map(({ storageClass }) => storageClass)).toEqual([
    'GLACIER_IR',
    'STANDARD_IA',
    'ONEZONE_IA',
    'STANDARD',
  ]);
  const broken = begin({ path }, { storageRules: [{ where: '@etag exists', storageClass: 'GLACIER' }] });
  await expect(broken).rejects.toThrow('@etag is not known before an object is written');
});

test('several files of one shape are one import: columns by their names, bad rows with the name of their file', async () => {
  const path = await fileOf('part-1.csv', 'id,name,n\na,Ann,1\nb,Ben\n');
  const second = await fileOf('part-2.csv', 'n,id\n2,c\nx3,d\n4,e,5\n');
  const third = await fileOf('part-3.csv', 'id,name,n\nf,Fay,6\n');
  const source = { path, more: [second, third] };
  const { settings, fields, size } = await world.engine.imports.inspect(target(), source, {}, signal);
  expect(fields.map((field) => `${field.source} ${field.type}`)).toEqual(['id string', 'name string', 'n string']);
  const { size: firstSize } = await stat(path);
  expect(size).toBeGreaterThan(firstSize);
  expect(await world.engine.imports.count(target(), source, settings.reading, signal)).toBe(6);

  const typed = settings.fields?.map((field) =>
    field.source === 'n' ? { ...field, type: 'integer' as const } : field,
  );
  const errors = join(world.folder, 'bad-parts.csv');
  const job = await ended(await begin(source, { fields: typed ?? null }, errors));
  expect(job.counts).toEqual({ total: 6, done: 3, unchanged: 0, failed: 3 });
  expect(await body(`${prefix}c.json`)).toBe('{"id":"c","n":2}');
  expect(await body(`${prefix}f.json`)).toBe('{"id":"f","name":"Fay","n":6}');
  const failures = await world.report(job.id, true);
  expect(failures.map(({ index, error }) => [index, error?.message])).toEqual([
    [1, 'part-1.csv, line 3: The row has 2 values, not 3 as the others.'],
    [3, 'part-2.csv, line 3: The field "n" is no whole number: "x3".'],
    [4, 'part-2.csv, line 4: The row has 3 values, not 2 as the others of its file.'],
  ]);
  expect((await readFile(errors, 'utf8')).split('\n').slice(0, 3)).toEqual([
    '_error,id,name,n',
    '"part-1.csv, line 3: The row has 2 values, not 3 as the others.",b,Ben',
    '"part-2.csv, line 3: The field ""n"" is no whole number: ""x3"".",d,,x3',
  ]);

  const other = await fileOf('part-4.csv', 'id,weight\ng,7\n');
  await expect(begin({ path, more: [other] })).rejects.toThrow('has the column "weight", which part-1.csv has not');
  const rows = await fileOf('part-5.ndjson', '{"id":"h"}\n');
  await expect(begin({ path, more: [rows] })).rejects.toThrow('is ndjson, and part-1.csv csv');
  await expect(begin({ path, more: [world.folder] })).rejects.toThrow('is a folder');
});
