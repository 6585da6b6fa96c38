import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { startAwsStandIn, type AwsStandIn } from '../support/aws-stand-in.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { writeTenProfiles } from '../support/ten-profiles.ts';
import { buildDipper, createDipper, type Dipper } from './run-dipper.ts';

let sandbox: TestSandbox;
let standIn: AwsStandIn;
let home: string;
let dipper: Dipper;

beforeAll(async () => {
  await buildDipper();
  sandbox = await startTestSandbox({ buckets: ['records'], sessionToken: 'token' });
  const client = createS3Client(targetOf(sandbox));
  await client.putObject('records', 'notes/1.json', Buffer.from('{"n":1}'), {});
  await client.close();
  standIn = await startAwsStandIn(sandbox);
  home = await mkdtemp(join(tmpdir(), 'dipper-home-'));
  await writeTenProfiles(home, { ...sandbox, s3: sandbox.endpoint, standIn: standIn.endpoint });
  dipper = await createDipper({ HOME: home, AWS_EC2_METADATA_SERVICE_ENDPOINT: standIn.endpoint });
}, 120_000);

afterAll(async () => {
  await dipper.remove();
  await standIn.close();
  await sandbox.stop();
  await rm(home, { recursive: true });
});

const COUNT = 's3://records/notes/ --codec plain --no-index';

test('records are read with a profile that is named, by the variable, or the default one', async () => {
  const each = await dipper.shell(
    `dipper count ${COUNT} --profile base; AWS_PROFILE=program dipper count ${COUNT}; dipper count ${COUNT}`,
  );
  expect([each.stdout, each.stderr]).toEqual(['1\n1\n1\n', '']);
});

test('a profile that takes a person says how to sign in, and is read once somebody has', async () => {
  const before = await dipper.shell(`dipper count ${COUNT} --profile team --json`);
  expect(before.code).toBe(1);
  expect(JSON.parse(before.stderr)).toMatchObject({
    error: {
      code: 'sign-in-needed',
      detail: { profile: 'team' },
      message: expect.stringContaining('dipper sign-in team'),
    },
  });
  const signingIn = dipper.inTerminal('dipper sign-in team --no-open');
  await signingIn.shows(`at ${standIn.endpoint}/device?user_code=`);
  for (const code of standIn.waitingCodes()) standIn.answerCode(code, true);
  expect(await signingIn.end()).toMatchObject({ code: 0, stdout: expect.stringContaining('Signed in to team.') });
  expect((await dipper.shell(`dipper count ${COUNT} --profile team`)).stdout).toBe('1\n');
});

test('a code that runs out in the middle of a job is asked for again, and the job goes on', async () => {
  const client = createS3Client(targetOf(sandbox));
  for (let n = 0; n < 150; n += 1) await client.putObject('records', `many/${n}.json`, Buffer.from('{}'), {});
  await client.close();
  const refused = { kind: 'answer', status: 400, code: 'ExpiredToken' } as const;
  sandbox.faults.set([{ operation: 'PutObject', key: 'many/', skip: 30, fault: refused }]);
  const updating = dipper.inTerminal(
    'dipper update s3://records/many/ --codec plain --where "seen not_exists" --set seen=true --yes --profile deploy',
  );
  const question = 'Code of arn:aws:iam::111122223333:mfa/me: ';
  await updating.shows(question);
  updating.type(`${standIn.settings.mfaCode}\r`);
  await updating.shows(question, 2);
  sandbox.faults.set([]);
  updating.type(`${standIn.settings.mfaCode}\r`);
  const { code, stdout } = await updating.end();
  expect([code, stdout]).toEqual([0, expect.stringContaining('150 changed')]);
});

test('a code is asked for on the terminal, and named as missing where there is none', async () => {
  const asked = dipper.inTerminal(`dipper count ${COUNT} --profile deploy`);
  await asked.shows('Code of arn:aws:iam::111122223333:mfa/me: ');
  asked.type(`${standIn.settings.mfaCode}\r`);
  const { code, stdout } = await asked.end();
  expect([code, stdout.trimEnd().split(/\r?\n/).at(-1)]).toEqual([0, '1']);
  const nobody = await dipper.shell(`dipper sign-in deploy < /dev/null`);
  expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('there is no terminal to ask for it')]);
});

test('all are listed with what they are, and none is taken from files that another Dipper does not read', async () => {
  const { stdout } = await dipper.shell('dipper sign-in');
  expect(stdout).toMatch(/^circle +- +- +cannot be used: Its source_profile leads in a circle/m);
  expect(stdout.split('\n')[1]).toMatch(/^default +eu-central-1 +- +assumes reader in 111122223333 from the role/);
  const owner = dipper.start(['serve', '--no-open']);
  await owner.line();
  const other = await dipper.shell(`AWS_CONFIG_FILE=elsewhere dipper count ${COUNT} --profile base`);
  await owner.stop();
  expect([other.code, other.stderr]).toEqual([
    1,
    expect.stringContaining('Close that one, or use another data folder'),
  ]);
});
