import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachToDataFolder, scriptsIn, type Attachment } from '../../../electron/application.ts';
import { createCaller, type Caller } from '../../../electron/ipc/caller.ts';
import { pageDoor } from '../../../electron/ipc/page-door.ts';
import { COLLECTION_DEFAULTS } from '../../../shared/collection.ts';
import type { GivenFile } from '../../../shared/given-file.ts';
import type { ImportSource } from '../../../shared/import.ts';
import { hasEnded, type Job } from '../../../shared/job.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import { connectionTo, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

const CSV = 'id,age\nann,30\nben,many\ncleo,28\n';

let spawner: TestSpawner;
let sandbox: TestSandbox;
let folder: string;
let attachment: Attachment;
let page: Caller;

beforeAll(async () => {
  spawner = await buildIndexProcess();
  sandbox = await startTestSandbox({ buckets: ['people'] });
  folder = await mkdtemp(join(tmpdir(), 'dipper-given-'));
  await mkdir(join(folder, 'data', 'given', 'left'), { recursive: true });
  await writeFile(join(folder, 'data', 'given', 'left', 'of-a-crash.csv'), CSV);
  await open();
  const place = { connectionId: 'here', bucket: 'people', codec: 'plain' } as const;
  for (const id of ['copied', 'given', 'folder', 'later']) {
    await page.call('collections:save', {
      collection: { ...COLLECTION_DEFAULTS, ...place, id, name: id, prefix: `${id}/` },
    });
  }
}, 60_000);

afterAll(async () => {
  page.close();
  await attachment.close();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
  await spawner.remove();
});

async function open(): Promise<void> {
  attachment = await attachToDataFolder({
    dataFolder: join(folder, 'data'),
    shell: 'desktop',
    version: '1.2.3',
    scripts: scriptsIn('dist/node'),
    spawnIndexProcess: spawner.spawn,
  });
  page = openPage();
  await page.call('connections:save', {
    connection: connectionTo(sandbox, { id: 'here', name: 'Here' }),
    secret: { secretAccessKey: sandbox.secretAccessKey, sessionToken: null },
  });
}

function openPage(): Caller {
  return createCaller(pageDoor(attachment.door));
}

const copies = (): Promise<readonly string[]> => readdir(join(folder, 'data', 'given'));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** As a page does it: with what was found, but that `age` has to be a number. */
async function importAll(collection: string, source: ImportSource): Promise<Job> {
  return endOf((await start(collection, source)).id);
}

async function start(collection: string, source: ImportSource, stopAfter: number | null = null): Promise<Job> {
  const { settings } = await page.call('import:inspect', { collection, source, reading: {} });
  const fields = settings.fields?.map((field) =>
    field.source === 'age' ? { ...field, type: 'integer' as const } : field,
  );
  return page.call('jobs:start', {
    job: {
      kind: 'import',
      collection,
      source,
      settings: { ...settings, fields: fields ?? null, stopAfter },
      badRows: 'with-job',
    },
  });
}

async function endOf(id: string): Promise<Job> {
  let job: Job | undefined;
  await expect
    .poll(
      async () => {
        job = (await page.call('jobs:list', {})).find((each) => each.id === id);
        return job !== undefined && hasEnded(job.state);
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  if (job === undefined) throw new Error('there is no job');
  return job;
}

test('what a page sends is imported, its bad rows are kept with the job, and the copy goes with it', async () => {
  // What an earlier Dipper left is gone by now, or in a moment.
  await expect.poll(copies).toEqual([]);
  const file = await page.call('files:begin', { name: 'people.csv', kind: 'file' });
  expect(file).toMatchObject({ name: 'people.csv', kind: 'file' });
  for (const part of [CSV.slice(0, 9), CSV.slice(9)]) {
    await page.call('files:append', { handle: file.handle, path: '', bytes: base64(part) });
  }
  const job = await importAll('copied', { handle: file.handle });
  expect(job).toMatchObject({ state: 'completed-with-errors', counts: { done: 2, failed: 1 }, badRows: 'csv' });
  const { bytes, next } = await page.call('jobs:bad-rows', { job: job.id, from: 0 });
  expect(next).toBeNull();
  expect(Buffer.from(bytes, 'base64').toString()).toMatch(/^_error,id,age\n"line 3: .*",ben,many\n$/);
  // Its failed row can be tried again, when the page holds the file no more.
  await page.call('files:release', { handle: file.handle });
  expect(await copies()).toEqual([file.handle]);
  const again = await page.call('jobs:retry', { job: job.id });
  expect(await endOf(again.id)).toMatchObject({ counts: { total: 1, failed: 1 } });

  for (const id of [again.id, job.id]) await page.call('jobs:remove', { job: id });
  await expect.poll(copies).toEqual([]);
  expect((await readdir(join(folder, 'data', 'jobs'))).filter((name) => name.startsWith(job.id))).toEqual([]);
});

test('a page that goes away leaves no copy', async () => {
  const other = openPage();
  const { handle } = await other.call('files:begin', { name: 'gone.csv', kind: 'file' });
  expect(await copies()).toContain(handle);
  other.close();
  await expect.poll(copies).toEqual([]);
  const asked = page.call('import:inspect', { collection: 'copied', source: { handle }, reading: {} });
  await expect(asked).rejects.toMatchObject({ error: { message: expect.stringContaining('Choose it again') } });
});

test('a folder is sent file by file, none of which can be put beside it', async () => {
  const { handle } = await page.call('files:begin', { name: 'notes', kind: 'folder' });
  await page.call('files:append', { handle, path: 'a.json', bytes: base64('{"n": 1}') });
  await page.call('files:append', { handle, path: 'deep/er/b.json', bytes: base64('{"n": 2}') });
  for (const path of ['../out.json', 'a/../../out.json', '/etc/out.json', '', 'a//b.json', '..\\out.json']) {
    const sent = page.call('files:append', { handle, path, bytes: base64('{}') });
    await expect(sent).rejects.toMatchObject({ error: { code: 'invalid-arguments' } });
  }
  const named = await page.call('files:begin', { name: '../../out.json', kind: 'file' });
  expect(await readdir(join(folder, 'data'))).not.toContain('out.json');
  await page.call('files:release', { handle: named.handle });
  expect(await importAll('folder', { handle })).toMatchObject({ state: 'completed', counts: { done: 2 } });
  const keys = ['folder/a.json', 'folder/deep/er/b.json'];
  for (const key of keys) await page.call('record:read', { collection: 'folder', address: { key } });
  await page.call('files:release', { handle });
});

test("the window's shell gives a page a file where it is; the page itself can name none", async () => {
  const path = join(folder, 'people.csv');
  await writeFile(path, CSV);
  const asked = page.call('files:give', { path });
  await expect(asked).rejects.toMatchObject({ error: { code: 'access-denied' } });
  const refused = page.call('import:inspect', { collection: 'given', source: { path }, reading: {} });
  await expect(refused).rejects.toMatchObject({ error: { code: 'access-denied' } });

  const session = pageDoor(attachment.door).connect(() => undefined);
  const given = await session.giveFile('1', path);
  if (!given.ok) throw new Error(given.error.message);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the channel answers
  const { handle, name } = given.value as GivenFile;
  expect(name).toBe('people.csv');
  const written = session.call('2', 'files:append', { handle, path: '', bytes: base64('more') });
  expect(await written).toMatchObject({ ok: false, error: { code: 'invalid-arguments' } });
  expect(await importAll('given', { handle })).toMatchObject({ counts: { done: 2, failed: 1 } });
  session.close();
  // It is the person's, and stays.
  expect(await readFile(path, 'utf8')).toBe(CSV);
});

test('an import that stands still goes on after the next start with the copy that it began with', async () => {
  const { handle } = await page.call('files:begin', { name: 'people.csv', kind: 'file' });
  await page.call('files:append', { handle, path: '', bytes: base64(CSV) });
  const { id } = await start('later', { handle }, 1);
  const standing = async () => (await page.call('jobs:list', {})).find((job) => job.id === id);
  await expect.poll(standing, { timeout: 20_000 }).toMatchObject({ state: 'paused', counts: { failed: 1 } });
  page.close();
  await attachment.close();

  await open();
  await page.call('jobs:resume', { job: id });
  expect(await endOf(id)).toMatchObject({ state: 'completed-with-errors', counts: { done: 2, failed: 1 } });
  const { bytes } = await page.call('jobs:bad-rows', { job: id, from: 0 });
  expect(Buffer.from(bytes, 'base64').toString()).toContain('ben,many');
});
