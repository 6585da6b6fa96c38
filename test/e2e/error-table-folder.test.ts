import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import { COLLECTION_DEFAULTS } from '../../shared/collection.ts';
import type { AppError, ErrorCode } from '../../shared/result.ts';
import { createDipper, type Dipper } from '../integration/cli/run-dipper.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../integration/support/sandbox.ts';
import { mountDisk, mountObstacle, type TestDisk } from './error-table/mounts.ts';
import { startHoldingFront } from './error-table/servers.ts';
import { failurePage } from './error-table/read-page.ts';
import { addCollection, addConnection, connectionTo } from './support/contract.ts';
import { SHELLS } from './support/shells.ts';

/** What is wrong with a data folder before Dipper opens it, and what each shell says. DATA stands for its path. */
interface FolderFault {
  readonly name: string;
  readonly code: ErrorCode;
  readonly needsMount: boolean;
  readonly spoil: (disk: TestDisk | null, folder: string) => Promise<void>;
  readonly title: string;
  /** The same in the page and on standard error. */
  readonly message: string;
  readonly remedies: readonly string[];
}

const FAULTS: readonly FolderFault[] = [
  {
    name: 'that is on a read-only disk',
    code: 'data-folder-unusable',
    needsMount: true,
    spoil: async (disk) => disk?.remount('ro'),
    title: 'The data folder cannot be used',
    message:
      'The data folder cannot be used, because the file system of DATA is read-only. Make it writable, or start Dipper with another data folder: --data-dir FOLDER.',
    remedies: [
      'Try again after the folder was made writable for you, as the message says. [Try again]',
      'Use another data folder: start Dipper as dipper --data-dir FOLDER.',
    ],
  },
  {
    name: 'on a full disk',
    code: 'disk-full',
    needsMount: true,
    spoil: async (disk) => disk?.fill(),
    title: 'The disk of the data folder is full',
    message:
      'The disk is full: DATA/run cannot be written. Make room on it and try again, or start Dipper with a data folder on another disk: --data-dir FOLDER.',
    remedies: [
      'Try again after making room on it; nothing that was saved before is lost. [Try again]',
      'Use a data folder on another disk: start Dipper as dipper --data-dir FOLDER.',
    ],
  },
  {
    name: 'that a newer Dipper wrote',
    code: 'data-folder-newer',
    needsMount: false,
    spoil: async (_, folder) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'format.json'), '{"format":99}\n');
    },
    title: 'The data folder was written by a newer Dipper',
    message:
      'DATA was written by a newer Dipper than this one; nothing in it was changed. Install the newest Dipper, or start this one with another data folder: --data-dir FOLDER.',
    remedies: [
      'Install the newest Dipper and start that one.',
      'Use another data folder: start this one as dipper --data-dir FOLDER.',
    ],
  },
];

const obstacle = await mountObstacle();
const electron = SHELLS.find(({ name }) => name === 'Electron');
const browser = SHELLS.find(({ name }) => name === 'browser');
if (electron === undefined || browser === undefined) throw new Error('there are two shells');

let server: TestSandbox;
beforeAll(async () => {
  server = await startTestSandbox({ buckets: ['records'] });
});
afterAll(() => server.stop());

for (const { name, needsMount, code, spoil, title, message, remedies } of FAULTS) {
  const because = needsMount && obstacle !== null ? ` (not here: ${obstacle})` : '';
  describe.skipIf(because !== '')(`a data folder ${name}${because}`, () => {
    let disk: TestDisk | null = null;
    let folder: string;
    beforeAll(async () => {
      disk = needsMount ? await mountDisk(2) : null;
      folder = join(disk?.path ?? (await mkdtemp(join(tmpdir(), 'dipper-folder-'))), 'data');
      await spoil(disk, folder);
    });
    afterAll(async () => {
      await (disk === null ? rm(folder, { recursive: true }) : disk.remove());
    });

    test('is told by the command line, and by the host of the page, which cannot start', async () => {
      const dipper = await commandWith(folder);
      try {
        const [text, json, serve] = await Promise.all([
          dipper.run(['query', 's3://records/all/', ...place()]),
          dipper.run(['query', 's3://records/all/', '--json', ...place()]),
          dipper.run(['serve', '--no-open']),
        ]);
        const { error }: { readonly error: AppError } = JSON.parse(json.stderr);
        const said = [text.stderr, serve.stderr].map((line) => line.replaceAll(folder, 'DATA'));
        expect([text.code, json.code, serve.code, error.code]).toEqual([1, 1, 1, code]);
        expect(said).toEqual([`dipper: ${message}\n`, `dipper: ${message}\n`]);
        expect(error.message.replaceAll(folder, 'DATA')).toBe(message);
      } finally {
        await dipper.remove();
      }
    });

    test.skipIf(!electron.available)('is told by the window, which opens once it is mended', async () => {
      const dipper = await electron.open({ dataFolder: folder });
      try {
        const said = await failurePage(dipper.page, dipper.page.locator('body'));
        expect({ ...said, message: said.message.replaceAll(folder, 'DATA') }).toEqual({ title, message, remedies });
        await mend(disk, folder);
        await dipper.page.reload();
        await dipper.page.getByRole('treeitem', { name: /^Sandbox/ }).waitFor();
      } finally {
        await dipper.close({ keepData: true });
      }
    });
  });
}

const fullBecause = obstacle === null ? '' : ` (not here: ${obstacle})`;
test.skipIf(obstacle !== null)(`a disk that fills up while Dipper runs is told by the page${fullBecause}`, async () => {
  const disk = await mountDisk(48);
  const dipper = await browser.open({ dataFolder: join(disk.path, 'data') });
  try {
    const { page } = dipper;
    const { id } = await addConnection(page, 'Archive', server);
    await addCollection(page, { connectionId: id, name: 'Late', bucket: 'records', prefix: 'all/' });
    await disk.fill();
    await page.getByRole('treeitem', { name: /^Late/ }).click();
    const said = await failurePage(page, page.getByRole('main'));
    const path = `${disk.path}/data/indexes/INDEX`;
    expect({ ...said, message: said.message.replace(/collection-[\w-]+\.duckdb(\.wal)?/, 'INDEX') }).toEqual({
      title: 'The disk of the data folder is full',
      message: `The disk is full: ${path} cannot be written. Make room on it and try again, or start Dipper with a data folder on another disk: --data-dir FOLDER.`,
      remedies: [
        'Try again after making room on it; nothing that was saved before is lost. [Try again]',
        'Use a data folder on another disk: start Dipper as dipper --data-dir FOLDER.',
      ],
    });
    await rm(join(disk.path, 'filler'));
    await page.getByRole('main').getByRole('button', { name: 'Try again' }).last().click();
    await page.getByRole('heading', { name: 'Late has no records' }).waitFor();
  } finally {
    await dipper.close({ keepData: true });
    await disk.remove();
  }
});

test('a damaged index and a broken file are told, and cost nobody a question', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dipper-damaged-'));
  const dipper = await commandWith(dataFolder);
  try {
    // Its keys survive a restart: they are those of the environment.
    const connection = { ...connectionTo('Archive', server), credentials: { source: 'environment' } };
    const collection = {
      ...COLLECTION_DEFAULTS,
      id: 'kept',
      connectionId: connection.id,
      name: 'Kept',
      codec: 'plain',
    };
    await dipper.run(['call', 'connections:save', JSON.stringify({ connection })]);
    await dipper.run([
      'call',
      'collections:save',
      JSON.stringify({ collection: { ...collection, bucket: 'records', prefix: 'all/' } }),
    ]);
    const before = await browser.open({ dataFolder, environment: keys() });
    await before.page.getByRole('treeitem', { name: /^Kept/ }).click();
    await before.page.getByRole('heading', { name: 'Kept has no records' }).waitFor();
    await before.close({ keepData: true });
    await spoilIndexes(join(dataFolder, 'indexes'));
    await writeFile(join(dataFolder, 'settings.json'), '{"format":1,"content":');

    const after = await browser.open({ dataFolder, environment: keys() });
    try {
      await after.page.getByRole('treeitem', { name: /^Kept/ }).click();
      const line = after.page.getByRole('status').filter({ hasText: '0 of 0' });
      expect(await line.innerText()).toContain('The index was damaged and is made again from S3');
      const notice = after.page.getByRole('main').getByRole('status').filter({ hasText: 'settings.json' });
      expect(await notice.innerText()).toContain(`The file as it was is kept as ${dataFolder}/settings.json.kept-`);
      await notice.getByRole('button', { name: 'Dismiss' }).click();
      await notice.waitFor({ state: 'detached' });
    } finally {
      await after.close({ keepData: true });
    }
  } finally {
    await dipper.remove();
    await rm(dataFolder, { recursive: true });
  }
});

test('a damaged index is told by the command line beside the answer', async () => {
  const dipper = await createDipper(keys());
  try {
    const command = ['count', 's3://records/all/', '--codec', 'plain', '--where', 'id exists', ...place()];
    await dipper.run(command);
    await spoilIndexes(join(dipper.dataFolder, 'data', 'indexes'));
    expect(await dipper.run(command)).toEqual({
      code: 0,
      stdout: '0\n',
      stderr: 'dipper: The index was damaged and is made again from S3.\n',
    });
  } finally {
    await dipper.remove();
  }
});

const isLinux = process.platform === 'linux';
test.skipIf(!isLinux)(
  'an index process that ends in a first sync is told beside the rows, which come all the same',
  async () => {
    const bodies = JSON.stringify({ name: 'held' });
    for (const name of ['a', 'b', 'c']) await putRecord(server, `held/${name}.json`, bodies);
    const front = await startHoldingFront(server.endpoint);
    const dipper = await browser.open();
    try {
      const { page } = dipper;
      const { id } = await addConnection(page, 'Archive', { ...server, endpoint: front.endpoint });
      await addCollection(page, { connectionId: id, name: 'Held', bucket: 'records', prefix: 'held/' });
      await page.getByRole('treeitem', { name: /^Held/ }).click();
      await front.holding;
      process.kill(await indexProcessOf(dipper.processId), 'SIGKILL');
      front.release();
      await page
        .getByRole('status')
        .filter({ hasText: '3 of 3' })
        .filter({ hasText: 'the index process ended and was started again' })
        .waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    } finally {
      await dipper.close();
      await front.stop();
    }
  },
);

/** Among the children of the browser host, as Linux tells them. */
async function indexProcessOf(host: number): Promise<number> {
  for (const thread of await readdir(`/proc/${host}/task`)) {
    const children = await readFile(`/proc/${host}/task/${thread}/children`, 'utf8');
    for (const child of children.split(' ').filter((text) => text !== '')) {
      const line = await readFile(`/proc/${child}/cmdline`, 'utf8');
      if (line.includes('index-process.js')) return Number(child);
    }
  }
  throw new Error(`${host} has no index process`);
}

async function putRecord(target: TestSandbox, key: string, body: string): Promise<void> {
  const client = createS3Client(targetOf(target));
  await client.putObject('records', key, Buffer.from(body), {});
  await client.close();
}

async function mend(disk: TestDisk | null, folder: string): Promise<void> {
  if (disk === null) {
    await rm(join(folder, 'format.json'));
    return;
  }
  await disk.remount('rw');
  await rm(join(disk.path, 'filler'), { force: true });
}

async function spoilIndexes(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.duckdb'));
  expect(files).toHaveLength(1);
  for (const name of files) await writeFile(join(folder, name), 'nothing of the kind');
}

function commandWith(folder: string): Promise<Dipper> {
  return createDipper({ ...keys(), DIPPER_DATA_DIR: folder });
}

function keys(): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: server.accessKeyId, AWS_SECRET_ACCESS_KEY: server.secretAccessKey };
}

function place(): readonly string[] {
  return ['--endpoint', server.endpoint, '--path-style'];
}
