import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { buildDipper, createDipper, type Dipper } from './run-dipper.ts';
import { startSlowServer, type SlowServer } from './slow-server.ts';

const RECORDS = 300;
const NOTES = 's3://records/notes/';

let sandbox: TestSandbox;
let server: SlowServer;
let dipper: Dipper;

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: ['records'] });
  const { endpoint } = sandbox;
  const client = createS3Client(targetOf(sandbox));
  const numbers = Array.from({ length: RECORDS }, (_, number) => number);
  await Promise.all(
    numbers.map((number) => client.putObject('records', `notes/${number}.json`, Buffer.from(`{"n":${number}}`), {})),
  );
  await client.close();
  server = await startSlowServer(endpoint);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await sandbox.stop();
});

beforeEach(async () => {
  server.release();
  dipper = await createDipper({
    AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_REGION: sandbox.region,
  });
  return () => dipper.remove();
});

/** With a condition, because all records are counted by their keys where none was read yet. */
const COUNT = ['count', NOTES, '--codec', 'plain', '--stats', '--where', 'id exists'];
const STOPPED = 'dipper: Stopped. What was read stays in the index.\n';

/** GETs of the next count, which reads what is not in the index yet. */
async function readsLeft(): Promise<number> {
  const { code, stdout, stderr } = await dipper.run([...COUNT, '--refresh']);
  expect([code, stdout]).toEqual([0, `${RECORDS}\n`]);
  const said: { requests: { GetObject?: number } } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
  return said.requests.GetObject ?? 0;
}

test('the first Ctrl-C ends a query with 130 and keeps what was read', async () => {
  const held = server.holdAfter(200);
  const command = dipper.start(['query', NOTES, '--codec', 'plain']);
  await held;
  command.interrupt();
  expect(await command.end()).toEqual({ code: 130, stdout: '', stderr: STOPPED });
  server.release();
  const left = await readsLeft();
  expect(left).toBeGreaterThanOrEqual(RECORDS - 200);
  expect(left).toBeLessThan(RECORDS);
});

test('as JSON it is a failure with the code aborted', async () => {
  const held = server.holdAfter(0);
  const command = dipper.start([...COUNT, '--json']);
  await held;
  command.interrupt();
  const { code, stderr } = await command.end();
  expect([code, JSON.parse(stderr)]).toEqual([
    130,
    { error: { code: 'aborted', message: 'Stopped. What was read stays in the index.', retryable: false } },
  ]);
});

test('a command that works through another Dipper stops alone', async () => {
  const served = dipper.start(['serve', '--no-open']);
  await served.line();
  const held = server.holdAfter(0);
  const command = dipper.start(COUNT);
  await held;
  command.interrupt();
  expect(await command.end()).toEqual({ code: 130, stdout: '', stderr: STOPPED });
  server.release();
  expect((await dipper.run(COUNT)).stdout).toBe(`${RECORDS}\n`);
  served.interrupt();
  expect(await served.end()).toMatchObject({ code: 0, stderr: '' });
});

test('reading standard input stops too, and nothing is written', async () => {
  const command = dipper.start(['put', NOTES, 'new', '--codec', 'plain']);
  await command.give();
  command.interrupt();
  expect(await command.end()).toEqual({
    code: 130,
    stdout: '',
    stderr: 'dipper: Stopped while reading standard input.\n',
  });
});

test('a job whose command was killed waits for a command that asks for it, which stays until its end', async () => {
  // The query reads all of them first.
  const held = server.holdAfter(RECORDS + 20);
  const query = join(dipper.dataFolder, 'all.json');
  await writeFile(query, '{}');
  const update = dipper.start(['update', NOTES, '--codec', 'plain', '--query', query, '--set', 'seen=true', '--yes']);
  await held;
  await update.stop('SIGKILL');
  server.release();

  const listed = await dipper.run(['jobs']);
  const [, id = ''] = /^([0-9a-f-]{36}) .* interrupted/m.exec(listed.stdout) ?? [];
  expect(listed.stderr).toContain(`"dipper jobs resume ${id}" goes on with it now.`);
  expect((await dipper.run(COUNT)).code).toBe(0);
  expect((await dipper.run(['jobs'])).stdout).toBe(listed.stdout);
  expect(await dipper.run(['jobs', 'resume', id])).toEqual({ code: 0, stdout: '300 changed.\n', stderr: '' });
});

const CTRL_C = '\u0003';
const GONE = '\r\u001b[K';

// script of util-linux makes the terminal; that of other systems takes other options.
describe.runIf(process.platform === 'linux')('in a terminal', () => {
  test('a second Ctrl-C ends at once what waits for others after the first', async () => {
    const held = server.holdAfter(0);
    const owner = dipper.inTerminal(`dipper count ${NOTES} --codec plain --where 'id exists'`);
    await held;
    // It works through the first command, which therefore does not end before this one has.
    const guest = dipper.start(['call', 'application:state', '--events']);
    await guest.line();
    owner.type(CTRL_C);
    await owner.shows('Stopping · Ctrl-C again ends at once');
    owner.type(CTRL_C);
    const { code, stdout } = await owner.end();
    expect([code, stdout.endsWith(GONE)]).toEqual([130, true]);
    expect(await guest.end()).toMatchObject({ code: 1, stderr: expect.stringContaining('has ended') });
  });

  test('a terminal shows how far the reading is, on one line that is gone at the end', async () => {
    server.pace(4);
    const output = join(dipper.dataFolder, 'out.ndjson');
    const command = dipper.inTerminal(`dipper query ${NOTES} --codec plain --format ndjson > ${output}`);
    const { code, stdout } = await command.end();
    expect(code).toBe(0);
    const drawn = stdout.split('\r').filter((part) => part.startsWith('Reading'));
    expect(drawn.length).toBeGreaterThan(1);
    for (const part of drawn) {
      expect(part.endsWith('\u001b[K')).toBe(true);
      expect(part.slice(0, -3)).toMatch(/^Reading \d+ of 300 records · .*\d+ requests · [\d.]+ K?B$/);
    }
    expect(drawn.at(-1)).toMatch(/ · \d+\/s · \d+ s left · /);
    expect([stdout.includes('\n'), stdout.endsWith(GONE)]).toEqual([false, true]);
    expect((await dipper.shell(`wc -l < ${output}`)).stdout.trim()).toBe(String(RECORDS));
  });

  test('Ctrl-C in a terminal takes the line away and says what was kept', async () => {
    server.pace(6);
    const held = server.holdAfter(150);
    const command = dipper.inTerminal(`dipper query ${NOTES} --codec plain`);
    await held;
    await command.shows('Reading ');
    command.type(CTRL_C);
    const { code, stdout } = await command.end();
    expect(code).toBe(130);
    expect(stdout.endsWith(`${GONE}${STOPPED.replace('\n', '\r\n')}`)).toBe(true);
  });
});
