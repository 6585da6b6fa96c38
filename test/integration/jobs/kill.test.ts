import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMarker } from '../../../electron/sandbox/storage/version-index.ts';
import { EXPORT_DEFAULTS } from '../../../shared/export.ts';
import { hasEnded, type JobRequest } from '../../../shared/job.ts';
import type { FaultRule } from '../../../electron/sandbox/faults/fault-rules.ts';
import { targetOf } from '../support/sandbox.ts';
import type { KilledRun } from './support/killed-engine.ts';
import { NEW_IMPORT, NO_CSV } from './support/new-import.ts';
import { BUCKET, COLLECTION, collectionOf, CONNECTION, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';

/** `npm run test:long` asks for all of them; ten in all otherwise. */
const pointsOf = (few: number): number => (process.env['DIPPER_TEST_LONG'] === '1' ? 200 : few);
const RECORDS = 12;

const outDir = join(import.meta.dirname, '../../../dist/test', `killed-engine-${String(process.pid)}`);
let world: JobsWorld;

beforeAll(async () => {
  world = await startJobsWorld();
  await world.sandbox.storage.bucket(BUCKET)?.setVersioning('enabled');
  const rows = Array.from({ length: RECORDS }, (_, n) => `${importedRow(n)}\n`);
  await writeFile(rowsFile(), rows.join(''));
  await build({
    configFile: false,
    logLevel: 'error',
    // Amazon's client takes a process half a second to load as it lies in node_modules.
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        // A library of the machine, as in the program.
        external: [/^@duckdb\//],
        input: { 'killed-engine': join(import.meta.dirname, 'support/killed-engine.ts') },
        output: { entryFileNames: '[name].js', format: 'es' },
      },
    },
  });
});

afterAll(async () => {
  await world.stop();
  await rm(outDir, { recursive: true, force: true });
});

/** A process that runs the job, or goes on with it where `request` is null; answers how many points it passed, or null where it was killed at one. */
async function runElsewhere(request: KilledRun['request'], killAt: number | null): Promise<number | null> {
  const run: KilledRun = {
    target: targetOf(world.sandbox),
    collection: world.collections.get(COLLECTION) ?? collectionOf(),
    other: world.collections.get('other') ?? collectionOf(),
    connection: CONNECTION,
    folder: world.folder,
    indexProcess: world.spawner.script,
    request,
    killAt,
  };
  const child = spawn(execPath, [join(outDir, 'killed-engine.js'), JSON.stringify(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const [code, ended] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on('close', (...how) => resolve(how));
  });
  if (ended === 'SIGKILL') return null;
  expect(code).toBe(0);
  return Number(printed);
}

/** How often each record was written since the job began, and what it is now; `gone` for a delete marker. */
async function writes(collection = COLLECTION): Promise<readonly string[]> {
  const bucket = world.sandbox.storage.bucket(BUCKET);
  const { prefix } = world.collections.get(collection) ?? collectionOf();
  const found: string[] = [];
  for (const versions of bucket?.versions.from((key) => key < prefix) ?? []) {
    const [latest] = versions;
    if (latest === undefined || !latest.key.startsWith(prefix)) break;
    const body = isMarker(latest) ? 'gone' : Buffer.from((await world.client.getObject(BUCKET, latest.key, {})).body);
    found.push(`${latest.key.slice(prefix.length)} +${versions.length - 1} ${body.toString()}`);
  }
  return found;
}

interface Killed {
  /** What the report says of each record; a sync has none. */
  readonly reported: 'done' | null;
  readonly name: string;
  readonly points: number;
  readonly faults?: readonly FaultRule[];
  readonly startsEmpty?: boolean;
  /** The job that is killed undoes this one, which comes to its end before. */
  readonly undoes?: boolean;
  readonly request: (records: readonly { readonly key: string; readonly etag: string }[]) => JobRequest;
  readonly after: (name: string, n: number) => string;
  /** What else is to be so in the end. */
  readonly check?: (request: JobRequest) => Promise<void>;
}

type Picked = readonly { readonly key: string; readonly etag: string }[];

const changeOf = (records: Picked): JobRequest => ({
  kind: 'update',
  collection: COLLECTION,
  records: { records },
  edits: [{ part: 'fields', path: ['seen'], text: 'true' }],
});

const transferOf = (kind: 'copy' | 'move', records: Picked): JobRequest => {
  return { kind, collection: COLLECTION, records: { records }, to: 'other', ifExists: 'fail' };
};

/** Each record is in the other place, written there once. */
async function checkOther(): Promise<void> {
  const names = Array.from({ length: RECORDS }, (_, n) => `${String(n).padStart(4, '0')}.json`);
  expect(await writes('other')).toEqual(names.map((name, n) => `${name} +0 {"n":${n},"seen":false}`));
}

async function eachHead<T>(look: (key: string) => Promise<T>): Promise<readonly T[]> {
  const { prefix } = world.collections.get(COLLECTION) ?? collectionOf();
  const { objects } = await world.client.listObjectsV2(BUCKET, { prefix });
  return Promise.all(objects.map(({ key }) => look(key)));
}

const importedRow = (n: number): string => `{"id":"${String(n).padStart(4, '0')}","n":${n},"seen":true}`;

function importOf(onConflict: 'fail' | 'overwrite'): JobRequest {
  const reading = { format: 'ndjson', compression: 'none', encoding: 'utf-8', csv: NO_CSV } as const;
  const settings = { ...NEW_IMPORT, reading, onConflict };
  return { kind: 'import', collection: COLLECTION, source: { path: rowsFile() }, settings, badRows: null };
}

const rowsFile = (): string => join(world.folder, 'rows.ndjson');

const KINDS: readonly Killed[] = [
  {
    name: 'deletes together',
    points: pointsOf(3),
    request: (records) => ({ kind: 'delete', collection: COLLECTION, records: { records } }),
    reported: 'done',
    after: (name) => `${name} +1 gone`,
  },
  {
    name: 'deletes one by one',
    points: pointsOf(2),
    faults: [{ operation: 'DeleteObjects', fault: { kind: 'answer', status: 501, code: 'NotImplemented' } }],
    request: (records) => ({ kind: 'delete', collection: COLLECTION, records: { records } }),
    reported: 'done',
    after: (name) => `${name} +1 gone`,
  },
  {
    name: 'changes',
    points: pointsOf(4),
    request: changeOf,
    reported: 'done',
    after: (name, n) => `${name} +1 {"n":${n},"seen":true}`,
  },
  {
    name: 'undoes changes',
    points: pointsOf(2),
    undoes: true,
    request: changeOf,
    reported: 'done',
    after: (name, n) => `${name} +2 {"n":${n},"seen":false}`,
  },
  {
    name: 'tags',
    points: pointsOf(1),
    request: (records) => ({
      kind: 'tag',
      collection: COLLECTION,
      records: { records },
      change: { add: [{ key: 'seen', value: 'yes' }], remove: [] },
    }),
    reported: 'done',
    after: (name, n) => `${name} +0 {"n":${n},"seen":false}`,
    check: async () => {
      const tags = await eachHead((key) => world.client.getObjectTagging(BUCKET, key, {}));
      expect(tags).toEqual(Array.from({ length: RECORDS }, () => [{ key: 'seen', value: 'yes' }]));
    },
  },
  {
    name: 'puts into another class',
    points: pointsOf(1),
    request: (records) => ({
      kind: 'set-class',
      collection: COLLECTION,
      records: { records },
      storageClass: 'STANDARD_IA',
    }),
    reported: 'done',
    after: (name, n) => `${name} +1 {"n":${n},"seen":false}`,
    check: async () => {
      const classes = await eachHead(async (key) => (await world.client.headObject(BUCKET, key, {})).storageClass);
      expect(classes).toEqual(Array.from({ length: RECORDS }, () => 'STANDARD_IA'));
    },
  },
  {
    name: 'copies',
    points: pointsOf(1),
    request: (records) => transferOf('copy', records),
    reported: 'done',
    after: (name, n) => `${name} +0 {"n":${n},"seen":false}`,
    check: checkOther,
  },
  {
    name: 'moves',
    points: pointsOf(2),
    request: (records) => transferOf('move', records),
    reported: 'done',
    after: (name) => `${name} +1 gone`,
    check: checkOther,
  },
  {
    name: 'imports new records',
    points: pointsOf(2),
    startsEmpty: true,
    request: () => importOf('fail'),
    reported: 'done',
    after: (name, n) => `${name} +0 ${importedRow(n)}`,
  },
  {
    name: 'imports over what is there',
    points: pointsOf(2),
    request: () => importOf('overwrite'),
    reported: 'done',
    after: (name, n) => `${name} +1 ${importedRow(n)}`,
  },
  {
    name: 'reads',
    points: pointsOf(1),
    request: () => ({ kind: 'sync', collection: COLLECTION, rebuild: true }),
    reported: null,
    after: (name, n) => `${name} +0 {"n":${n},"seen":false}`,
  },
  {
    name: 'exports',
    points: pointsOf(2),
    request: () => ({
      kind: 'export',
      collection: COLLECTION,
      query: '{}',
      form: { ...EXPORT_DEFAULTS, format: 'json' },
      target: { path: join(world.folder, `${randomUUID()}.json`), overwrite: false },
    }),
    reported: null,
    after: (name, n) => `${name} +0 {"n":${n},"seen":false}`,
    check: async (request) => {
      if (request.kind !== 'export') throw new Error('This is no export.');
      const { path } = request.target;
      const records: unknown = JSON.parse(await readFile(path, 'utf8'));
      const expected = Array.from({ length: RECORDS }, (_, n) => ({ id: String(n).padStart(4, '0'), n, seen: false }));
      expect(records).toEqual(expected);
      expect((await readdir(world.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  },
];

test.for(KINDS)(
  'a job that $name is killed at point after point, once or again and again; the next start does the rest, nothing twice',
  { timeout: 60_000 + pointsOf(4) * 10_000 },
  async ({ name: kind, points: many, faults = [], startsEmpty = false, undoes = false, ...killed }) => {
    const { request, after, reported, check } = killed;
    world.sandbox.faults.set(faults);
    let round = 0;
    const prepare = async (): Promise<{
      request: JobRequest;
      run: KilledRun['request'];
      after: readonly string[];
    }> => {
      round += 1;
      const prefix = `${kind}/${String(round)}/`;
      await world.engine.jobs.forget(COLLECTION);
      await world.engine.dispose();
      world.collections.set(COLLECTION, collectionOf({ prefix }));
      world.collections.set('other', collectionOf({ id: 'other', prefix: `other/${prefix}` }));
      const names = Array.from({ length: RECORDS }, (_, n) => `${String(n).padStart(4, '0')}.json`);
      const before = startsEmpty ? [] : names;
      const records = await Promise.all(before.map((name, n) => world.put(`${prefix}${name}`, { n, seen: false })));
      const asked = request(records);
      return { request: asked, run: undoes ? await undoOf(asked) : asked, after: names.map(after) };
    };
    const undoOf = async (asked: JobRequest): Promise<KilledRun['request']> => {
      await world.restart();
      const { id } = await world.start(asked);
      await world.wait(id, ({ state }) => hasEnded(state));
      await world.engine.dispose();
      return { undo: id };
    };
    const whole = await prepare();
    const points = (await runElsewhere(whole.run, null)) ?? 0;
    expect(await writes()).toEqual(whole.after);
    expect(points).toBeGreaterThan(5);
    await check?.(whole.request);
    await world.restart();

    for (let point = 0; point < many; point += 1) {
      const killAt = 1 + Math.floor(((point + 0.5) * points) / many);
      const job = await prepare();
      // The order of things differs from run to run: the last points may not be reached.
      const passed = await runElsewhere(job.run, killAt);
      if (point % 2 === 1) {
        // Killed again, most often while it looks at what was under way; then closed as soon as it goes on.
        await runElsewhere(null, 2 + (point % (2 * RECORDS)));
        await world.restart();
      }
      await world.restart();
      const found = world.engine.jobs.list().find((other) => !undoes || other.kind === 'undo');
      // Killed before the job's first frame was whole: it was never answered.
      if (found === undefined) {
        const before = job.after.map((_, n): unknown => expect.stringContaining(`+${undoes ? 1 : 0} {"n":${n},`));
        expect(await writes()).toEqual(startsEmpty ? [] : before);
        continue;
      }
      const ended = await world.wait(found.id, ({ state }) => hasEnded(state));
      if (ended.state === 'failed') {
        expect([killAt < 6, passed, ended.error?.code]).toEqual([true, null, 'aborted']);
        continue;
      }
      expect([killAt, await writes()]).toEqual([killAt, job.after]);
      expect([killAt, ended]).toMatchObject([
        killAt,
        { state: 'completed', counts: { total: RECORDS, done: RECORDS } },
      ]);
      await check?.(job.request);
      const report = await world.report(found.id);
      const expected = reported === null ? [] : job.after.map((_, n) => [n, reported]);
      expect(report.map(({ index, outcome }) => [index, outcome])).toEqual(expected);
      for (const { key, etagAfter } of report) {
        if (etagAfter === null || job.request.kind === 'move') continue;
        expect(etagAfter).toBe((await world.client.headObject(BUCKET, key, {})).etag);
      }
    }
  },
);
