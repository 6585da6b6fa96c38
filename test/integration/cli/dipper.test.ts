import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachToDataFolder, scriptsIn } from '../../../electron/application.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { CLIENT_HEADER, TOKEN_HEADER } from '../../../shared/bridge.ts';
import { tokenOf } from '../support/enter.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { buildDipper, createDipper, type Dipper } from './run-dipper.ts';

let sandbox: TestSandbox;
let client: S3Client;
let dipper: Dipper;

const MOVIES = 's3://records/movies/';
const MOVIE = (id: number): string =>
  `{"title":"Film ${id}","rating":${id}.0,"votes":${9_007_199_254_740_993n + BigInt(id) * 2n},"genre":${id % 2 === 0 ? '"Drama"' : 'null'}}`;

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: ['records'] });
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox;
  client = createS3Client(targetOf(sandbox));
  for (let id = 1; id <= 12; id += 1) await write(`movies/${id}.json`, MOVIE(id));
  dipper = await createDipper({
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
  });
}, 120_000);

afterAll(async () => {
  await dipper.remove();
  await client.close();
  await sandbox.stop();
});

async function write(key: string, body: string): Promise<void> {
  const headers = { contentType: 'application/json' };
  await client.putObject('records', key, Buffer.from(body), { headers });
}

async function bodyOf(key: string): Promise<string> {
  return Buffer.from((await client.getObject('records', key, {})).body).toString('utf8');
}

/** What went well, without the notes on standard error. */
async function output(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await dipper.run(args, input);
  expect(code, stderr).toBe(0);
  expect(stderr).not.toMatch(/Warning|\n {4}at /);
  return stdout;
}

describe('finding records', () => {
  test('a query file with options over it prints records as NDJSON, with all digits and in order', async () => {
    const file = join(dipper.dataFolder, 'query.json');
    await writeFile(file, '{"where": {"field": "votes", "operator": ">", "value": 9007199254740997}, "limit": 1}');
    const query = [
      'query',
      MOVIES,
      '--query',
      file,
      '--sort',
      '-rating',
      '--limit',
      '2',
      '--offset',
      '1',
      '--select',
      'votes,title',
    ];
    expect(await output([...query, '--format', 'ndjson'])).toBe(
      '{"id":"11","key":"movies/11.json","fields":{"votes":9007199254741015,"title":"Film 11"},"metadata":null}\n' +
        '{"id":"10","key":"movies/10.json","fields":{"votes":9007199254741013,"title":"Film 10"},"metadata":null}\n',
    );
    const asJson: unknown = JSON.parse(await output([...query, '--json']));
    expect(asJson).toHaveLength(2);
  });

  test('a table is aligned', async () => {
    const table = await output(['query', MOVIES, '--sort', 'rating', '--limit', '2', '--select', 'title,rating,genre']);
    expect(table).toBe(
      [
        'id  title   rating  genre',
        '--  ------  ------  -----',
        '1   Film 1     1.0  null',
        '2   Film 2     2.0  Drama',
        '',
      ].join('\n'),
    );
  });

  test('a count is that of the whole answer, from the index, from standard input, or of the keys', async () => {
    const query = '{"where": {"field": "genre", "operator": "=", "value": "Drama"}, "limit": 2}';
    expect(await output(['count', MOVIES])).toBe('12\n');
    expect(await output(['count', MOVIES, '--query', '-'], query)).toBe('6\n');
    expect(await output(['count', MOVIES, '--no-index'])).toBe('12\n');
  });

  test('another process within the TTL sends no request, and --refresh lists', async () => {
    await dipper.run(['count', MOVIES]);
    const statistics = async (args: readonly string[]): Promise<unknown> => {
      const { code, stderr } = await dipper.run(['count', MOVIES, '--stats', ...args]);
      expect(code).toBe(0);
      return JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    };
    expect(await statistics([])).toMatchObject({
      requests: {},
      bytes: 0,
      scanned: 12,
      milliseconds: expect.any(Number),
      indexBytes: expect.any(Number),
    });
    expect(await statistics(['--refresh'])).toMatchObject({ requests: { ListObjectsV2: 1 } });
    expect(await statistics(['--no-index'])).toMatchObject({ requests: { ListObjectsV2: 1 }, scanned: 12 });
  });

  test('global options stand before the verb or after it', async () => {
    const { endpoint, region } = sandbox;
    const options = ['--endpoint', endpoint, '--region', region, '--path-style', '--codec', 'plain'];
    expect(await output([...options, 'count', MOVIES])).toBe('12\n');
    expect(await output(['count', MOVIES, ...options])).toBe('12\n');
    expect(await output(['--data-dir', join(dipper.dataFolder, 'other'), 'count', ...options, MOVIES])).toBe('12\n');
  });
});

describe('one record', () => {
  const NOTES = 's3://records/notes/';

  test('is put as it is, shown, changed in one place, replaced and deleted', async () => {
    const text = '{\n  "n": 12345678901234567890,\n  "list": [1.0, "é"]\n}\n';
    expect(await output(['put', NOTES, 'a/b', '--codec', 'plain'], text)).toBe('a/b\n');
    expect(await bodyOf('notes/a/b.json')).toBe(text);
    expect(await output(['get', NOTES, 'a/b', '--raw'])).toBe(text);
    expect(await output(['get', NOTES, 'a/b'])).toBe(
      '{"id":"a/b","key":"notes/a/b.json","fields":{"n":12345678901234567890,"list":[1.0,"é"]},"metadata":null}\n',
    );

    expect(await output(['set', NOTES, 'a/b', 'n=-0.0', 'new="x"'])).toBe('');
    expect(await bodyOf('notes/a/b.json')).toBe('{\n  "n": -0.0,\n  "list": [1.0, "é"],\n  "new": "x"\n}\n');

    const again = await dipper.run(['put', NOTES, 'a/b'], '{}');
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toMatch(/^dipper: There is already /m);
    const replaced: unknown = JSON.parse(await output(['put', NOTES, 'a/b', '--replace', '--json'], '{"n":1}'));
    expect(replaced).toMatchObject({ id: 'a/b', key: 'notes/a/b.json' });
    expect(await bodyOf('notes/a/b.json')).toBe('{"n":1}');

    expect(await output(['delete', NOTES, 'a/b'])).toBe('');
    const gone = await dipper.run(['get', NOTES, 'a/b']);
    expect([gone.code, gone.stdout]).toEqual([1, '']);
  });

  test('without an id gets a new one', async () => {
    const id = (await output(['put', NOTES], '{"n":1}')).trim();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(await output(['delete', NOTES, id])).toBe('');
  });

  test('in dataknobs form keeps NaN, and a change touches the value and updated_at', async () => {
    const fixture = await readFile(join(import.meta.dirname, 'dataknobs-record.txt'), 'utf8');
    await write('dk/1.json', fixture);
    const line = await output(['get', 's3://records/dk/', '1', '--codec', 'dataknobs']);
    expect(line).toBe(
      '{"id":"1","key":"dk/1.json","fields":{"score":"NaN","rank":9007199254740993},"metadata":{"id":"1","created_at":"2026-11-24T10:00:00+00:00","updated_at":"2026-11-24T10:00:00+00:00"}}\n',
    );
    await output(['set', 's3://records/dk/', '1', 'rank=7', '--codec', 'dataknobs']);
    const changed = await bodyOf('dk/1.json');
    const updated = /"updated_at": "([^"]+)"/.exec(changed)?.[1] ?? '';
    expect(updated).not.toBe('2026-11-24T10:00:00+00:00');
    expect(changed).toBe(
      fixture
        .replace('9007199254740993', '7')
        .replace('"updated_at": "2026-11-24T10:00:00+00:00"', `"updated_at": "${updated}"`),
    );
  });
});

describe('exit codes', () => {
  test.each([
    [['count', MOVIES, '--connection', 'Nowhere'], 'There is no connection "Nowhere". There is: "Sandbox".'],
    [['count', MOVIES, '--connection', 'sandbx'], 'There is no connection "sandbx". Did you mean "Sandbox"?'],
    [['call', 'quary:open'], 'There is no channel "quary:open". Did you mean query:open? "dipper call --list" lists'],
  ])('2: %j', async (args, message) => {
    const { code, stdout, stderr } = await dipper.run(args, '');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`dipper: ${message}`);
  });

  test.each([
    '{"where": {"field": "a", "operator": "~", "value": 1}}',
    '{"limit": -1}',
    '{"wehre": {}}',
    '{"where": [',
    '[]',
  ])('2: the query %s', async (query) => {
    const { code, stdout, stderr } = await dipper.run(['query', MOVIES, '--query', '-'], query);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('dipper: ');
  });

  test('3: objects that are no records are rows with their reason, and are counted', async () => {
    await write('mixed/1.json', '{"a":1}');
    await write('mixed/2.json', '{"a":');
    const all = await dipper.run(['query', 's3://records/mixed/', '--format', 'ndjson', '--codec', 'plain']);
    const [first, second] = all.stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(all.code).toBe(3);
    expect(first).toEqual({ id: '1', key: 'mixed/1.json', fields: { a: 1 }, metadata: null });
    expect(second).toEqual({ id: '2', key: 'mixed/2.json', error: expect.any(String) });
    expect(all.stderr).toContain('1 object is unreadable');
    const raw = await dipper.run(['get', 's3://records/mixed/', '2', '--raw', '--codec', 'plain']);
    expect([raw.code, raw.stdout]).toEqual([0, '{"a":']);
    expect((await dipper.run(['get', 's3://records/mixed/', '2', '--codec', 'plain'])).code).toBe(1);
  });

  test('3: what can be deleted is, and an id that is not there is said', async () => {
    await write('trash/1.json', '{}');
    const { code, stdout, stderr } = await dipper.run([
      'delete',
      's3://records/trash/',
      'nothing',
      '1',
      '--codec',
      'plain',
    ]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('nothing');
    expect((await client.listObjectsV2('records', { prefix: 'trash/' })).objects).toEqual([]);
  });

  test('1: each cause has its own code and text, and no secret, class or stack', async () => {
    const { endpoint, region, accessKeyId } = sandbox;
    const causes: readonly [string, Readonly<Record<string, string>>, readonly string[]][] = [
      ['unknown-access-key', { AWS_ACCESS_KEY_ID: 'NOBODY' }, []],
      ['signature-mismatch', { AWS_SECRET_ACCESS_KEY: 'planted-secret' }, []],
      ['credentials-missing', { AWS_SECRET_ACCESS_KEY: '' }, []],
      ['no-such-bucket', {}, ['s3://no-such-bucket/']],
      ['connection-refused', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, []],
    ];
    const texts = new Set<string>();
    for (const [code, environment, args] of causes) {
      const other = await createDipper({
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_REGION: region,
        ...environment,
      });
      const address = args.find((argument) => argument.startsWith('s3:')) ?? MOVIES;
      const options = args.filter((argument) => !argument.startsWith('s3:'));
      const outcome = await other.run(['count', address, '--json', ...options]);
      await other.remove();
      expect([code, outcome.code, outcome.stdout]).toEqual([code, 1, '']);
      const said: unknown = JSON.parse(outcome.stderr.trim().split('\n').at(-1) ?? '');
      expect(said).toMatchObject({ error: { code, message: expect.any(String) } });
      expect(outcome.stderr).not.toMatch(/planted-secret|Exception|\n {4}at |Warning/);
      texts.add(outcome.stderr);
    }
    expect(texts.size).toBe(causes.length);
  });
});

describe('several at once', () => {
  test('commands on one data folder work through one owner', async () => {
    const counts = await Promise.all([1, 2, 3, 4].map(() => dipper.run(['count', MOVIES])));
    expect(counts.map(({ code, stdout }) => [code, stdout])).toEqual([1, 2, 3, 4].map(() => [0, '12\n']));
  });

  test('a served Dipper answers commands, a second one says where it is, and it ends when told', async () => {
    const served = dipper.start(['--browser', '--no-open']);
    const url = await served.line();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=\S{20,}$/);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(await output(['count', MOVIES])).toBe('12\n');
    // A second one makes an address of its own: the first may have been opened already.
    const second = (await output(['serve', '--no-open'])).trim();
    expect([new URL(second).origin, second === url]).toEqual([new URL(url).origin, false]);
    expect(await tokenOf(second)).toBe(await tokenOf(url));
    expect((await served.stop()).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
    expect(await output(['count', MOVIES])).toBe('12\n');
  });
});

test('beside a window the browser shows the records through the window, and ends with it', async () => {
  const beside = await createDipper({});
  const window = await attachToDataFolder({
    dataFolder: join(beside.dataFolder, 'data'),
    shell: 'desktop',
    version: '1.2.3',
    scripts: scriptsIn(join(import.meta.dirname, '../../../dist/node')),
  });
  const served = beside.start(['serve', '--no-open']);
  try {
    const url = await served.line();
    const answer = await fetch(new URL('/api/call', url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [TOKEN_HEADER]: await tokenOf(url),
        [CLIENT_HEADER]: 'a-client-of-the-test',
      },
      body: JSON.stringify({ call: '1', channel: 'application:state', args: {} }),
    });
    expect(await answer.json()).toMatchObject({ ok: true, value: { version: '1.2.3', shell: 'browser' } });
  } finally {
    await window.close();
  }
  const { code, stderr } = await served.end();
  expect([code, stderr]).toEqual([1, expect.stringContaining('has ended. Start this one again.')]);
  await beside.remove();
});

test('the sample records of the Sandbox are there from the first start', async () => {
  const fresh = await createDipper({});
  const outcome = await fresh.run(['count', 's3://samples/movies/', '--connection', 'Sandbox']);
  await fresh.remove();
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(Number(outcome.stdout)).toBeGreaterThan(3000);
});

test('a sandbox of one’s own runs until it is told to end, and keeps its records', async () => {
  const folder = join(dipper.dataFolder, 'objects');
  const keys = ['--access-key', 'mine', '--secret-key', 'my-secret'];
  const first = dipper.start(['sandbox', '--empty', '--fsync', '--directory', folder, ...keys]);
  const endpoint = await first.line();
  const credentials = { accessKeyId: 'mine', secretAccessKey: 'my-secret', sessionToken: null };
  const target = { endpoint, region: 'us-east-1', pathStyle: true, credentials, name: 'mine', maxWorkers: null };
  const own = createS3Client(target);
  expect(await own.listBuckets({})).toEqual([]);
  await own.createBucket('kept', {});
  await own.close();
  expect(await first.stop()).toEqual({
    code: 0,
    stdout: `${endpoint}\n`,
    stderr: `AWS_ENDPOINT_URL_S3=${endpoint}\nAWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=mine\nAWS_SECRET_ACCESS_KEY=my-secret\n`,
  });

  const second = dipper.start(['sandbox', '--directory', folder, '--json', ...keys]);
  const said: unknown = JSON.parse(await second.line());
  expect(said).toEqual({
    endpoint: expect.any(String),
    port: expect.any(Number),
    region: 'us-east-1',
    accessKeyId: 'mine',
    secretAccessKey: 'my-secret',
  });
  expect((await second.stop()).code).toBe(0);
});

// Linux has a file that is always full.
test.runIf(process.platform === 'linux')(
  'an answer that a full disk does not take to its end is a failure',
  async () => {
    expect(await dipper.shell('dipper completion bash > /dev/full')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'dipper: The disk is full: standard output was not written to its end. Make room on it and start again.\n',
    });
  },
);

test('who stops reading the output ends the command without a fuss', async () => {
  // More than the pipe and those who write to it hold.
  const many = Array.from({ length: 1500 }, (_, index) => index);
  const body = JSON.stringify({ text: 'x'.repeat(600) });
  await Promise.all(many.map((index) => write(`many/${index}.json`, body)));
  const command = dipper.start(['query', 's3://records/many/', '--format', 'ndjson', '--codec', 'plain']);
  await command.line();
  const { code, stderr } = await command.hangUp();
  expect([code, stderr]).toEqual([0, '']);
});
