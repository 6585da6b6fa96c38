import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { Budget } from '../../../shared/plan.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { buildDipper, createDipper, type Dipper, type Outcome } from './run-dipper.ts';

let sandbox: TestSandbox;
let dipper: Dipper;

const FILMS = 's3://records/films/';
const REVIEWED = '@tag.reviewed = "yes"';

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: ['records'] });
  const client = createS3Client(targetOf(sandbox));
  for (let id = 1; id <= 12; id += 1) {
    await client.putObject('records', `films/${id < 6 ? 'a' : 'b'}${id}.json`, Buffer.from(`{"n":${id}}`), {
      headers: { tags: id < 4 ? [{ key: 'reviewed', value: 'yes' }] : [] },
    });
  }
  await client.close();
  const { accessKeyId, secretAccessKey } = sandbox;
  dipper = await createDipper({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
}, 120_000);

afterAll(async () => {
  await dipper.remove();
  await sandbox.stop();
});

/** A connection of this name with this budget, and what the command says over it. */
async function over(name: string, budget: Budget | null): Promise<(...args: string[]) => Promise<Outcome>> {
  const saved = await save(name, budget);
  expect(saved.code, saved.stderr).toBe(0);
  return (...args) => dipper.run([...args, '--connection', name, '--codec', 'plain']);
}

function save(name: string, budget: Budget | null): Promise<Outcome> {
  const connection = {
    id: name.toLowerCase(),
    name,
    kind: 'custom',
    endpoint: sandbox.endpoint,
    region: sandbox.region,
    pathStyle: true,
    credentials: { source: 'environment' },
    environment: 'test',
    readOnly: false,
    maxWorkers: null,
    ...(budget === null ? {} : { budget }),
  };
  return dipper.run(['call', 'connections:save', JSON.stringify({ connection })]);
}

function requestsOf({ stderr }: Outcome): unknown {
  const line = stderr.split('\n').find((each) => each.startsWith('{"requests"'));
  if (line === undefined) return null;
  const { requests }: { requests: unknown } = JSON.parse(line);
  return requests;
}

test('--plan says what is known before a query runs, as a table or as JSON, and sends nothing', async () => {
  const films = await over('Planned', null);
  const before = await films('query', FILMS, '--plan', '--quiet');
  expect(before).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      'plan',
      'rows          lists and reads all',
      'requests      at least 1 LIST, GETs unknown until listed',
      'time          unknown: not measured yet',
      'download all  unknown until listed',
      '',
    ].join('\n'),
  });
  expect(requestsOf(await films('query', FILMS, '--stats', '--limit', '0'))).toEqual({
    ListObjectsV2: 1,
    GetObject: 12,
  });
  const after = await films('query', FILMS, '--where', REVIEWED, '--plan');
  expect(after.stdout).toBe(
    [
      'plan',
      'rows          from index',
      'requests      12 tag requests, 3.9 KB',
      'time          unknown: not measured yet',
      'download all  1 LIST, 12 GET, 12 tag requests, 4.0 KB',
      '',
    ].join('\n'),
  );
  const json = await films('query', FILMS, '--where', `n > 2 and ${REVIEWED}`, '--plan', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    source: 'index',
    requests: [{ operation: 'GetObjectTagging', count: 10, exact: true, dollars: null }],
    tags: { toRead: 10, known: 0, oldestReadAt: null },
  });
});

test('a run above the budget is wrong usage without --yes, where it gets there or before it begins', async () => {
  const films = await over('Frugal', { requests: 5, dollars: null });
  const stopped = await films('count', FILMS, '--where', 'n > 0');
  expect([stopped.code, stopped.stdout, stopped.stderr]).toEqual([
    2,
    '',
    'dipper: The budget of connection "Frugal" for one run, 5 requests, does not reach. What was read stays in the index. It takes at least 1 LIST, at least 8 GET. Add --yes to do it all the same.\n',
  ]);
  const done = await films('count', FILMS, '--where', 'n > 0', '--yes', '--stats');
  expect([done.code, done.stdout, requestsOf(done)]).toEqual([0, '12\n', { ListObjectsV2: 1, GetObject: 8 }]);
  const tags = await films('query', FILMS, '--where', REVIEWED);
  expect([tags.code, tags.stdout]).toEqual([2, '']);
  expect(tags.stderr).toContain('It takes 12 tag requests');
  expect(JSON.parse((await films('query', FILMS, '--where', REVIEWED, '--yes', '--json')).stdout)).toHaveLength(3);
  expect(requestsOf(await films('query', FILMS, '--where', REVIEWED, '--stats'))).toEqual({});
  const update = await films('update', FILMS, '--where', 'n > 0', '--set', 'seen=true');
  expect([update.code, update.stderr]).toEqual([
    2,
    expect.stringMatching(
      new RegExp(
        `^dipper: This would change 12 records below ${FILMS}\\. It takes 12 GET, 12 PUT, \\d+ B\\. Add --yes`,
        'u',
      ),
    ),
  ]);
});

test('a condition on ids lists below its prefix, and reads what is there', async () => {
  const films = await over('Narrow', null);
  const some = await films('count', FILMS, '--where', 'id starts_with "a"', '--stats');
  expect([some.stdout, requestsOf(some)]).toEqual(['5\n', { ListObjectsV2: 1, GetObject: 5 }]);
  const plan = await films('query', FILMS, '--where', 'id in ("b6", "b7")', '--plan');
  expect(plan.stdout).toContain('at least 2 LIST');
  const all = await films('count', FILMS, '--stats');
  expect([all.stdout, requestsOf(all)]).toEqual(['12\n', { ListObjectsV2: 1 }]);
  expect(requestsOf(await films('query', FILMS, '--limit', '0', '--stats'))).toEqual({
    ListObjectsV2: 1,
    GetObject: 7,
  });
});

test('all records of a prefix that was never read are counted by their keys, for as long as a listing is fresh', async () => {
  const films = await over('Counted', null);
  const first = await films('count', FILMS, '--stats');
  expect([first.code, first.stdout, requestsOf(first)]).toEqual([0, '12\n', { ListObjectsV2: 1 }]);
  expect(first.stderr).toContain('The keys were counted');
  const second = await films('count', FILMS, '--stats');
  expect([second.stdout, requestsOf(second)]).toEqual(['12\n', {}]);
  const put = await dipper.run(['put', FILMS, 'c13', '--connection', 'Counted', '--codec', 'plain'], '{"n":13}');
  expect(put.code, put.stderr).toBe(0);
  const third = await films('count', FILMS, '--stats');
  expect([third.stdout, requestsOf(third)]).toEqual(['13\n', { ListObjectsV2: 1 }]);
  const read = await films('query', FILMS, '--limit', '0', '--stats');
  expect(requestsOf(read)).toEqual({ ListObjectsV2: 1, GetObject: 13 });
  const after = await films('count', FILMS, '--stats');
  expect([after.stdout, requestsOf(after)]).toEqual(['13\n', {}]);
});

test('a budget that limits nothing is refused', async () => {
  const saved = await save('Nothing', { requests: null, dollars: null });
  expect([saved.code, saved.stdout + saved.stderr]).toEqual([2, expect.stringContaining('budget has no limit')]);
});
