import { randomBytes } from 'node:crypto';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { CLIENT_HEADER, TOKEN_HEADER } from '../../../shared/bridge.ts';
import { COLLECTION_DEFAULTS } from '../../../shared/collection.ts';
import type { Answer, Args, Channel } from '../../../shared/contract.ts';
import { EXPORT_DEFAULTS } from '../../../shared/export.ts';
import type { Job } from '../../../shared/job.ts';
import type { Result } from '../../../shared/result.ts';
import { NEW_IMPORT, NO_CSV } from '../jobs/support/new-import.ts';
import { tokenOf } from '../support/enter.ts';
import { connectionTo, startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { buildDipper, createDipper, type Dipper, type Outcome, type RunningCommand } from './run-dipper.ts';

/** As Amazon's are: 40 characters of Base64. */
const planted = (): string => `Planted/${randomBytes(24).toString('base64').slice(0, 32)}`;

let sandbox: TestSandbox;
let dipper: Dipper;
let secrets: Readonly<Record<string, string>>;

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: ['people'] });
  secrets = {
    'the right key': sandbox.secretAccessKey,
    'a wrong key': planted(),
    'a session token': planted(),
    'a key of the environment': planted(),
    'a token of the environment': planted(),
  };
  dipper = await createDipper({
    AWS_ACCESS_KEY_ID: 'AKIAOFTHEENVIRONMENT',
    AWS_SECRET_ACCESS_KEY: secrets['a key of the environment'] ?? '',
    AWS_SESSION_TOKEN: secrets['a token of the environment'] ?? '',
  });
}, 60_000);

afterAll(async () => {
  await dipper.remove();
  await sandbox.stop();
});

/** A page without a browser, which remembers all that it was answered. */
interface AskedHost {
  call<C extends Channel>(channel: C, args: Args<C>): Promise<Result<Answer<C>>>;
  /** Throws what the answer says it failed of. */
  get<C extends Channel>(channel: C, args: Args<C>): Promise<Answer<C>>;
}

const answers: string[] = [];

async function enter(host: RunningCommand): Promise<AskedHost> {
  const address = await host.line();
  const headers = {
    [TOKEN_HEADER]: await tokenOf(address),
    [CLIENT_HEADER]: 'client-of-a-test',
    'content-type': 'application/json',
  };
  let calls = 0;
  const call = async <C extends Channel>(channel: C, args: Args<C>): Promise<Result<Answer<C>>> => {
    calls += 1;
    const body = JSON.stringify({ call: `call-${calls}`, channel, args });
    const response = await fetch(new URL('/api/call', address), { method: 'POST', headers, body });
    const text = await response.text();
    answers.push(text);
    const result: Result<Answer<C>> = JSON.parse(text);
    return result;
  };
  return {
    call,
    get: async (channel, args) => {
      const result = await call(channel, args);
      if (!result.ok) throw new Error(`${channel}: ${result.error.message}`);
      return result.value;
    },
  };
}

test('a long session leaves no secret in the data folder, in what is printed, answered or seen of processes', async () => {
  const connection = connectionTo(sandbox, { id: 'here', name: 'Here' });
  const right = { secretAccessKey: secrets['the right key'] ?? '', sessionToken: null };
  const wrong = { secretAccessKey: secrets['a wrong key'] ?? '', sessionToken: secrets['a session token'] ?? '' };
  const outcomes: Outcome[] = [];

  const host = dipper.start(['serve', '--no-open']);
  const page = await enter(host);
  await page.get('connections:test', { draft: connection, secret: wrong });
  expect(answers.at(-1)).toMatch(/signature/i);
  await page.get('connections:save', { connection, secret: wrong });
  expect(await page.call('buckets:list', { connection: 'here' })).toMatchObject({ ok: false });
  await page.get('connections:test', { draft: connection, secret: right });
  await page.get('connections:save', { connection, secret: right });
  await page.get('connections:save', {
    connection: { ...connection, id: 'there', name: 'There', credentials: { source: 'environment' } },
  });
  expect(await page.call('buckets:list', { connection: 'there' })).toMatchObject({ ok: false });

  const collection = { ...COLLECTION_DEFAULTS, connectionId: 'here', bucket: 'people', codec: 'plain' } as const;
  await page.get('collections:save', { collection: { ...collection, id: 'people', name: 'People', prefix: '' } });
  const { etag } = await page.get('record:create', { collection: 'people', id: 'ann', record: '{"age": 30}' });
  await page.call('record:update', {
    collection: 'people',
    key: 'ann.json',
    etag,
    change: { body: '{"age": 31}' },
  });
  const opened = await page.get('query:open', { collection: 'people', query: '{}', freshness: 'complete' });

  const rows = Array.from({ length: 400 }, (_, row) => JSON.stringify({ id: `row-${row}`, n: row })).join('\n');
  const { handle } = await page.get('files:begin', { name: 'rows.ndjson', kind: 'file' });
  await page.get('files:append', { handle, path: '', bytes: Buffer.from(rows).toString('base64') });
  const imported = await page.get('jobs:start', {
    job: {
      kind: 'import',
      collection: 'people',
      source: { handle },
      settings: {
        ...NEW_IMPORT,
        reading: { format: 'ndjson', compression: 'none', encoding: 'utf-8', csv: NO_CSV },
        idField: 'id',
      },
      badRows: null,
    },
  });
  await expect.poll(() => stateOf(page, imported.id)).toBe('completed');
  await page.get('query:close', { result: opened.result });
  const all = await page.get('query:open', { collection: 'people', query: '{}', freshness: 'forced' });
  const exported = await page.get('exports:start', {
    collection: 'people',
    query: '{}',
    place: { downloads: 'people.ndjson' },
    form: { ...EXPORT_DEFAULTS, format: 'ndjson' },
  });
  await expect.poll(() => stateOf(page, exported.id)).toBe('completed');
  await page.get('requests:list', {});
  await page.get('diagnostics:read', { withNames: true });
  if (process.platform === 'linux') answers.push(...(await commandLines(dipper.dataFolder)));

  // It is killed in the middle of a job, whose journal is what the next start goes on with.
  const busy = { kind: 'answer', status: 503, code: 'SlowDown' } as const;
  sandbox.faults.set(['DeleteObjects', 'DeleteObject'].map((operation) => ({ operation, fault: busy })));
  await page.get('jobs:start', { job: { kind: 'delete', collection: 'people', records: { result: all.result } } });
  // Not before its journal knows what it is about to do: a job that was killed earlier has nothing to go on with.
  await expect.poll(async () => JSON.stringify(await page.get('requests:list', {}))).toContain('DeleteObject');
  outcomes.push(await host.stop('SIGKILL'));
  sandbox.faults.set([]);
  const again = dipper.start(['serve', '--no-open']);
  const next = await enter(again);
  await expect.poll(async () => (await next.get('jobs:list', {})).some(({ state }) => state === 'paused')).toBe(true);
  await next.get('connections:save', { connection, secret: right });
  outcomes.push(await dipper.run(['diagnostics', '-', '--with-names']));
  outcomes.push(await dipper.run(['count', 's3://people/', '--endpoint', sandbox.endpoint, '--path-style']));
  outcomes.push(await again.stop());

  const printed = outcomes.flatMap(({ stdout, stderr }) => [stdout, stderr]);
  expect(found(await filesBelow(dipper.dataFolder))).toEqual([]);
  expect(found(printed)).toEqual([]);
  expect(found(answers)).toEqual([]);
  // What is looked through is there: the records and the access key, which is no secret.
  expect(printed.join('')).toContain('"written"');
  expect((await filesBelow(dipper.dataFolder)).join('')).toContain(sandbox.accessKeyId);
});

async function stateOf(page: AskedHost, id: string): Promise<Job['state'] | undefined> {
  return (await page.get('jobs:list', {})).find((job) => job.id === id)?.state;
}

test('a job’s journal, reports and the ledger hold no secret of either end, where one that was planted is found', async () => {
  const token = planted();
  const source = await startTestSandbox({
    buckets: ['people'],
    sessionToken: token,
  });
  const target = await startTestSandbox({ buckets: ['copies'] });
  const session = {
    AWS_SESSION_TOKEN: token,
    AWS_ACCESS_KEY_ID: source.accessKeyId,
  };
  const own = await createDipper({
    ...session,
    AWS_SECRET_ACCESS_KEY: source.secretAccessKey,
  });
  try {
    const control = planted();
    const url = ['s3://people/', '--endpoint', source.endpoint, '--path-style'];
    const { accessKeyId, secretAccessKey } = source;
    const client = createS3Client({
      ...targetOf(source),
      credentials: { accessKeyId, secretAccessKey, sessionToken: token },
    });
    for (const id of ['ann', 'bob', 'eve']) {
      await client.putObject('people', `${id}.json`, Buffer.from(JSON.stringify({ note: control })), {});
    }
    await client.close();
    // Keys that somebody typed in, on one end; those of a session, which came with a command, on the other.
    const host = own.start(['serve', '--no-open']);
    const page = await enter(host);
    await page.get('connections:save', {
      connection: connectionTo(target, { id: 'target', name: 'Target' }),
      secret: { secretAccessKey: target.secretAccessKey, sessionToken: null },
    });
    const outcomes = [
      await own.run(['update', ...url, '--where', 'note exists', '--set', 'seen=true', '--yes']),
      await own.run(['copy', 's3://people/', 's3://copies/', ...url.slice(1), '--to-connection', 'Target', '--yes']),
    ];
    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, expect.any(String)],
      [0, expect.any(String)],
    ]);
    // One that fails record by record, with the server's own words, and one that pauses.
    const denied = {
      kind: 'answer',
      status: 403,
      code: 'AccessDenied',
    } as const;
    source.faults.set(
      ['DeleteObjects', 'DeleteObject'].map((operation) => ({
        operation,
        fault: denied,
      })),
    );
    outcomes.push(await own.run(['delete', ...url, '--where', 'note exists', '--yes']));
    const jobs = await page.get('jobs:list', {});
    expect(jobs.map(({ kind }) => kind).toSorted()).toEqual(['copy', 'delete', 'update']);
    for (const { id } of jobs) outcomes.push(await own.run(['jobs', 'report', id, '--json']));
    outcomes.push(await own.run(['ledger', '--json']), await host.stop());

    const secretsHere = {
      'the key of the source': source.secretAccessKey,
      'the token of the source': token,
      'the key of the target': target.secretAccessKey,
    };
    const data = join(own.dataFolder, 'data');
    const journals = await filesBelow(join(data, 'jobs'));
    // What is looked through is whole: what was there before each change, and where the bytes went.
    expect(found(journals, { control })).toEqual(['control']);
    expect(journals.join('')).toContain('target');
    expect(await readFile(join(data, 'ledger.json'), 'utf8')).toContain('"target"');
    expect(found(await filesBelow(data), secretsHere)).toEqual([]);
    expect(
      found(
        outcomes.flatMap(({ stdout, stderr }) => [stdout, stderr]),
        secretsHere,
      ),
    ).toEqual([]);
  } finally {
    await own.remove();
    await source.stop();
    await target.stop();
  }
});

/** Names of secrets that stand in one of the texts, as they are, in JSON, or in a URL. */
function found(texts: readonly string[], looked = secrets): readonly string[] {
  return Object.entries(looked).flatMap(([name, secret]) => {
    const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
    return texts.some((text) => spellings.some((each) => text.includes(each))) ? [name] : [];
  });
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
}

/** Of the processes that work in this folder: a command's line need not name it. */
async function commandLines(folder: string): Promise<readonly string[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    numbers.map(async (number) => {
      // It may end between the two, or be somebody else's.
      const workingFolder = await readlink(`/proc/${number}/cwd`).catch(() => '');
      return workingFolder === folder ? await readFile(`/proc/${number}/cmdline`, 'latin1').catch(() => '') : '';
    }),
  );
  const own = lines.filter((line) => line !== '');
  expect(own.join('\n')).toContain('serve');
  return own;
}
