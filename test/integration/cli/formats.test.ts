import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { connectionTo, startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { buildDipper, createDipper, type Dipper, type RunningCommand } from './run-dipper.ts';

const NOTES = 's3://records/notes/';

let sandbox: TestSandbox;
let dipper: Dipper;
let served: RunningCommand;

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: ['records'] });
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox;
  const client = createS3Client(targetOf(sandbox));
  const bodies = [
    '{"text": "=1+1", "n": 9007199254740993, "list": [1.0, "a,b"]}',
    '{"text": "two\\nlines", "n": -0.5, "list": null}',
    '{"text": "", "extra": true}',
    '{"text": ',
  ];
  for (const [place, body] of bodies.entries()) {
    await client.putObject('records', `notes/${place + 1}.json`, Buffer.from(body), {});
  }
  await client.close();
  dipper = await createDipper({
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
  });
  // Commands through a running Dipper start no processes of their own.
  served = dipper.start(['serve', '--no-open']);
  await served.line();
}, 120_000);

afterAll(async () => {
  await served.stop();
  await dipper.remove();
  await sandbox.stop();
});

/** Exit code, and what standard error has said, a line of JSON each. */
async function saidAsJson(args: readonly string[]): Promise<[number | null, readonly unknown[]]> {
  const { code, stderr } = await dipper.run(args);
  const lines = stderr.split('\n').filter((line) => line !== '');
  return [code, lines.map((line): unknown => JSON.parse(line))];
}

async function call(args: readonly string[], input?: string): Promise<[number | null, unknown]> {
  const { code, stdout } = await dipper.run(['call', ...args], input);
  return [code, JSON.parse(stdout)];
}

describe('CSV', () => {
  test('has a header, every record, and the reason of what is none; exit code 3', async () => {
    const { code, stdout, stderr } = await dipper.run(['query', NOTES, '--codec', 'plain', '--format', 'csv']);
    expect(stdout).toBe(
      [
        'id,text,n,list,extra,error',
        `1,'=1+1,9007199254740993,"[1.0,""a,b""]",,`,
        '2,"two\nlines",-0.5,null,,',
        '3,"",,,true,',
        '4,,,,,"The body is no JSON: The text ends too early: the value of ""text"" is missing."',
        '',
      ].join('\r\n'),
    );
    expect([code, stderr]).toEqual([
      3,
      'dipper: 1 object is unreadable and can match no condition. A query without conditions shows why.\n',
    ]);
  });

  test('has the columns of --select in their order, also those that no record has, and no guard without it', async () => {
    const query = ['query', NOTES, '--codec', 'plain', '--format', 'csv', '--select', 'nothing,text', '--limit', '1'];
    expect((await dipper.run([...query, '--no-formula-guard'])).stdout).toBe('id,nothing,text,error\r\n1,,=1+1,\r\n');
    expect((await dipper.run(query)).stdout).toBe(`id,nothing,text,error\r\n1,,'=1+1,\r\n`);
  });

  test('has its header where nothing is found', async () => {
    const file = join(dipper.dataFolder, 'none.json');
    await writeFile(file, '{"where": {"field": "n", "operator": ">", "value": 1e300}, "select": ["n", "text"]}');
    const { stdout } = await dipper.run(['query', NOTES, '--codec', 'plain', '--format', 'csv', '--query', file]);
    expect(stdout).toBe('id,n,text,error\r\n');
  });
});

test('a table shows the whole reason why an object is no record', async () => {
  const { stdout } = await dipper.run(['query', NOTES, '--codec', 'plain', '--select', 'n', '--sort', 'n']);
  expect(stdout).toContain('  The body is no JSON: The text ends too early: the value of "text" is missing.\n');
});

describe('with --json', () => {
  test('notes and failures are lines of JSON too, and --quiet leaves the notes out', async () => {
    const note = { note: expect.any(String) };
    const unreadable = {
      unreadable: 1,
      error: { code: 'record-unreadable', message: expect.any(String), retryable: false },
    };
    expect(await saidAsJson(['count', NOTES, '--json', '--stats'])).toEqual([
      3,
      [note, expect.objectContaining({ scanned: 3 }), unreadable],
    ]);
    expect(await saidAsJson(['count', NOTES, '--json', '--quiet'])).toEqual([3, [unreadable]]);
    expect(await saidAsJson(['delete', NOTES, 'gone', '--json', '--quiet'])).toEqual([
      3,
      [{ id: 'gone', error: expect.objectContaining({ code: 'record-not-found' }) }],
    ]);
  });

  test('a served Dipper says its port, and that of another process its id', async () => {
    const second = await dipper.run(['serve', '--no-open', '--json', '--quiet']);
    const said: { url: string; port: number; processId: number } = JSON.parse(second.stdout);
    expect([second.code, second.stderr, said]).toEqual([
      0,
      '',
      {
        url: expect.stringContaining(`http://127.0.0.1:${said.port}/`),
        port: expect.any(Number),
        processId: expect.any(Number),
      },
    ]);
  });
});

test('a sandbox keeps its secret in the keys file that AWS tools read, and takes it from there again', async () => {
  const file = join(dipper.dataFolder, 'sandbox.keys');
  const first = dipper.start(['sandbox', '--memory', '--empty', '--keys-file', file]);
  const endpoint = await first.line();
  const text = (await dipper.shell(`stat -c %a ${file}; cat ${file}`)).stdout;
  const [, accessKeyId, secret] =
    /^600\n\[default\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)\n$/.exec(text) ?? [];
  expect(await first.stop()).toEqual({
    code: 0,
    stdout: `${endpoint}\n`,
    stderr: `AWS_ENDPOINT_URL_S3=${endpoint}\nAWS_REGION=us-east-1\nAWS_SHARED_CREDENTIALS_FILE=${file}\n`,
  });
  const second = dipper.start(['sandbox', '--memory', '--empty', '--keys-file', file, '--json']);
  const said: unknown = JSON.parse(await second.line());
  expect(said).toEqual({
    endpoint: expect.any(String),
    port: expect.any(Number),
    region: 'us-east-1',
    accessKeyId,
    keysFile: file,
  });
  expect([typeof secret, (await second.stop()).stderr]).toEqual(['string', '']);

  const others = ['sandbox', '--memory', '--keys-file', file, '--access-key', 'mine', '--secret-key', 'my-secret'];
  expect(await dipper.run(others)).toEqual({
    code: 2,
    stdout: '',
    stderr: `dipper: The keys file "${file}" has keys already. Leave out --access-key and --secret-key, or name a new file.\n`,
  });
});

test('a sandbox on a port that is taken says so as the browser host does', async () => {
  const { port } = new URL(sandbox.endpoint);
  expect(await dipper.run(['sandbox', '--memory', '--empty', '--port', port])).toEqual({
    code: 2,
    stdout: '',
    stderr: `dipper: Port ${port} of 127.0.0.1 is in use. Choose another with --port, or leave it out for a free one.\n`,
  });
});

describe('a call of the contract', () => {
  test('answers the Result, with its arguments from the command line, a file or standard input', async () => {
    const folder = join(dipper.dataFolder, 'data');
    expect(await call(['application:state'])).toEqual([
      0,
      { ok: true, value: expect.objectContaining({ shell: 'command-line', dataFolder: folder }) },
    ]);
    const found = { ok: true, value: { codec: 'plain', reason: expect.any(String), looked: expect.any(Number) } };
    const args = '{"connection": "sandbox", "bucket": "samples", "prefix": "cars/"}';
    const file = join(dipper.dataFolder, 'args.json');
    await writeFile(file, args);
    expect(await call(['collections:detect', args])).toEqual([0, found]);
    expect(await call(['collections:detect', '-'], args)).toEqual([0, found]);
    expect(await call(['collections:detect', `@${file}`])).toEqual([0, found]);
  });

  test('that fails answers the error, with the exit code of its kind', async () => {
    expect(await call(['buckets:list', '{"connection": "nobody"}'])).toEqual([
      1,
      { ok: false, error: expect.objectContaining({ code: 'connection-not-found' }) },
    ]);
    expect(await call(['buckets:list', '{"conection": "sandbox"}'])).toEqual([
      2,
      { ok: false, error: expect.objectContaining({ code: 'invalid-arguments', detail: { path: 'connection' } }) },
    ]);
  });

  test('takes a secret from standard input, and gives none back', async () => {
    const connection = connectionTo(sandbox, { id: 'own', name: 'Own' });
    const secret = { secretAccessKey: sandbox.secretAccessKey, sessionToken: null };
    const saved = await call(['connections:save', '-'], JSON.stringify({ connection, secret }));
    expect(saved).toEqual([0, { ok: true, value: connection }]);
    expect(await call(['buckets:list', '{"connection": "own"}'])).toEqual([0, { ok: true, value: ['records'] }]);
    expect((await dipper.run(['call', 'connections:list'])).stdout).not.toContain(sandbox.secretAccessKey);
  });

  test('and its events, until it is told to end', async () => {
    const listening = dipper.start(['call', 'application:state', '--events']);
    expect(JSON.parse(await listening.line())).toMatchObject({ ok: true });
    await call(['settings:write', '{"settings": {"theme": "dark"}}']);
    expect(JSON.parse(await listening.line())).toEqual({
      event: 'settings:changed',
      payload: expect.objectContaining({ theme: 'dark' }),
    });
    expect(await listening.stop()).toMatchObject({ code: 0, stderr: '' });
  });

  test('can be looked up: every channel, for people and as JSON Schema', async () => {
    const { stdout } = await dipper.run(['call', '--list']);
    expect(stdout).toContain('query:page {"result": text, "from": number, "count": number}\n');
    expect(stdout).toContain('"ifExists"?: "fail" | "replace"');
    const [code, listed] = await call(['--list', '--json']);
    expect(code).toBe(0);
    expect(listed).toHaveLength(stdout.trim().split('\n').length);
    expect(listed).toContainEqual({
      channel: 'buckets:list',
      args: expect.objectContaining({ type: 'object', required: ['connection'], additionalProperties: false }),
    });
  });
});

function sql(statement: string, ...options: readonly string[]): readonly string[] {
  return ['sql', NOTES, statement, '--codec', 'plain', ...options];
}

describe('dipper sql', () => {
  test('writes the columns of the statement in every format', async () => {
    const statement = "SELECT id, n, list FROM S3Object s WHERE s.text <> 'x' ORDER BY id LIMIT 2";
    expect((await dipper.run(sql(statement, '--format', 'table'))).stdout).toBe(
      'id                 n  list\n--  ----------------  -----------\n1   9007199254740992  [1.0,"a,b"]\n2               -0.5  null\n',
    );
    expect((await dipper.run(sql(statement, '--format', 'csv'))).stdout).toBe(
      'id,n,list\r\n"1",9007199254740992,"[1.0,""a,b""]"\r\n"2",-0.5,null\r\n',
    );
    expect((await dipper.run(sql('SELECT count(*) AS n FROM records', '--format', 'ndjson'))).stdout).toBe('{"n":3}\n');
    expect((await dipper.run(sql('SELECT 1 AS n WHERE FALSE', '--json'))).stdout).toBe('[]\n');
  });

  test('says where a statement is wrong, with exit code 2, and reads one from standard input', async () => {
    const { code, stderr } = await dipper.run(sql('SELECT nn\nFROM records'));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Line 1, column 8: .*\n {2}SELECT nn\n {9}\^/)]);
    expect((await dipper.run(sql("COPY records TO '/tmp/x'"))).code).toBe(2);
    const { stdout } = await dipper.run(sql('-', '--format', 'ndjson'), 'SELECT 1 AS one; -- that is all');
    expect(stdout).toBe('{"one":1}\n');
  });
});
