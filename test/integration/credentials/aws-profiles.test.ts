import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createAwsCredentials, type AwsCredentials } from '../../../electron/engine/credentials/aws-credentials.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { readNetworkSettings } from '../../../electron/engine/s3/network-settings.ts';
import { AppFailure } from '../../../shared/result.ts';
import { startAwsStandIn, type AwsStandIn } from '../support/aws-stand-in.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { writeTenProfiles } from '../support/ten-profiles.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Machine {
  readonly home: string;
  readonly standIn: AwsStandIn;
  readonly sandbox: TestSandbox;
  readonly aws: AwsCredentials;
}

/** A person's machine with ten profiles, the services that give credentials, and an S3 server that takes them. */
async function startMachine(variables: Readonly<Record<string, string>> = {}): Promise<Machine> {
  const sandbox = await startTestSandbox({ buckets: ['records'], sessionToken: 'token' });
  cleanUps.push(() => sandbox.stop());
  const standIn = await startAwsStandIn(sandbox);
  cleanUps.push(() => standIn.close());
  const home = await mkdtemp(join(tmpdir(), 'dipper-profiles-'));
  cleanUps.push(() => rm(home, { recursive: true }));
  await writeTenProfiles(home, { ...sandbox, s3: sandbox.endpoint, standIn: standIn.endpoint });
  const environment = {
    HOME: home,
    PATH: process.env['PATH'],
    AWS_EC2_METADATA_SERVICE_ENDPOINT: standIn.endpoint,
    ...variables,
  };
  return { home, standIn, sandbox, aws: createAwsCredentials(environment, readNetworkSettings({})) };
}

/** Buckets that the profile's credentials show. */
async function bucketsOf({ aws, sandbox }: Machine, profile: string): Promise<readonly string[]> {
  const client = createS3Client({ ...targetOf(sandbox), credentials: aws.profiles.provider(profile) });
  try {
    return await client.listBuckets({});
  } finally {
    await client.close();
  }
}

async function failureOf(work: Promise<unknown>): Promise<readonly [string, string]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppFailure) return [error.error.code, error.error.message];
    throw error;
  }
  throw new Error('it did not fail');
}

const never = new AbortController().signal;

async function signInThroughBrowser({ aws, standIn }: Machine, profile: string): Promise<void> {
  const step = await aws.profiles.beginSignIn(profile, never);
  if (step.step !== 'browser') throw new Error(`${step.step} rather than a browser`);
  standIn.answerCode(step.code, true);
  expect(await aws.profiles.continueSignIn(profile, null, never)).toEqual({ step: 'done' });
}

test('ten profiles of different kinds are seen as what they are, without a request', async () => {
  const machine = await startMachine();
  const { files, profiles, problems } = await machine.aws.profiles.list();
  expect(files).toEqual({
    config: join(machine.home, '.aws/config'),
    credentials: join(machine.home, '.aws/credentials'),
  });
  expect(problems).toEqual([]);
  expect(profiles.map(({ name, kind, description, signIn }) => [name, kind, description, signIn])).toEqual([
    ['default', 'role', 'assumes reader in 111122223333 from the role of this instance', null],
    ['base', 'keys', 'access key test-access-key', null],
    ['session', 'keys', 'temporary key test-access-key', null],
    ['team', 'sso', 'SSO, Reader in 111122223333', 'browser'],
    ['old-sso', 'sso', 'SSO, Admin in 444455556666', 'browser'],
    ['deploy', 'role', 'assumes deploy-mfa in 111122223333 from base, asks for an MFA code', 'code'],
    ['partner', 'role', 'assumes partner-external in 999988887777 from team', 'browser'],
    ['program', 'process', 'process node', null],
    ['cluster', 'web-identity', 'web identity, cluster in 111122223333', null],
    ['circle', 'broken', 'cannot be used', null],
    ['circle-back', 'broken', 'cannot be used', null],
  ]);
  expect(profiles.find(({ name }) => name === 'circle')?.problem).toBe(
    'Its source_profile leads in a circle: circle, circle-back, circle.',
  );
  const { region, endpoint, pathStyle } = profiles.find(({ name }) => name === 'default') ?? {};
  expect([region, endpoint, pathStyle]).toEqual(['eu-central-1', machine.sandbox.endpoint, true]);
  expect(JSON.stringify(profiles)).not.toMatch(/secret-word|test\/secret/);
  expect(machine.standIn.heard).toEqual([]);
});

test('profiles that need nobody give credentials that a server takes', async () => {
  const machine = await startMachine();
  for (const profile of ['default', 'base', 'session', 'program', 'cluster']) {
    expect([profile, await bucketsOf(machine, profile)]).toEqual([profile, ['records']]);
  }
  expect(machine.standIn.heard).toEqual([
    'PUT /latest/api/token',
    'GET /latest/meta-data/iam/security-credentials/',
    'GET /latest/meta-data/iam/security-credentials/instance-role',
    'AssumeRole arn:aws:iam::111122223333:role/reader',
    'AssumeRoleWithWebIdentity arn:aws:iam::111122223333:role/cluster',
  ]);
});

test('a session of SSO begins in the browser, is kept as the command line keeps it, and is renewed in time', async () => {
  const machine = await startMachine();
  const { aws, standIn, home } = machine;
  expect(await failureOf(bucketsOf(machine, 'team'))).toEqual([
    'sign-in-needed',
    expect.stringContaining('dipper sign-in team'),
  ]);
  standIn.settings.tokenSeconds = 250;
  await signInThroughBrowser(machine, 'team');
  expect(await bucketsOf(machine, 'team')).toEqual(['records']);

  const path = join(home, '.aws/sso/cache', `${createHash('sha1').update('company').digest('hex')}.json`);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
    startUrl: 'https://company.awsapps.com/start',
    region: 'us-east-1',
    accessToken: expect.any(String),
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    clientId: 'dipper',
    clientSecret: 'of the client',
    registrationExpiresAt: '2100-01-01T00:00:00Z',
    refreshToken: expect.any(String),
  });
  // Less than five minutes were left each time, so that each use renewed it.
  const renewed = standIn.heard.filter((line) => line === 'POST /token refresh_token').length;
  await bucketsOf(machine, 'partner');
  expect(standIn.heard.filter((line) => line === 'POST /token refresh_token').length).toBe(renewed + 1);
  expect(standIn.roles.at(-1)?.get('ExternalId')).toBe('outside');
  expect(standIn.roles.at(-1)?.get('DurationSeconds')).toBe('1800');

  // Another program's session is one of ours, and one that the portal has ended asks for a person again.
  standIn.endRenewals();
  standIn.endSessions();
  expect((await failureOf(bucketsOf(machine, 'team')))[0]).toBe('sign-in-needed');
  expect((await aws.profiles.find('team'))?.signIn).toBe('browser');
  await signInThroughBrowser(machine, 'team');
  expect((await aws.profiles.find('partner'))?.signIn).toBe(null);
});

test('a session without a name has a token that ends, and the one of the command line is used', async () => {
  const machine = await startMachine();
  await signInThroughBrowser(machine, 'old-sso');
  const start = 'https://old.awsapps.com/start';
  const path = join(machine.home, '.aws/sso/cache', `${createHash('sha1').update(start).digest('hex')}.json`);
  const token: unknown = JSON.parse(await readFile(path, 'utf8'));
  expect(await bucketsOf(machine, 'old-sso')).toEqual(['records']);
  const ofCommandLine = { ...Object(token), refreshToken: undefined, expiresAt: '2020-06-17T10:02:08UTC' };
  await writeFile(path, JSON.stringify(ofCommandLine));
  expect((await machine.aws.profiles.find('old-sso'))?.signIn).toBe('browser');
  await writeFile(path, '{ broken');
  expect((await machine.aws.profiles.find('old-sso'))?.signIn).toBe('browser');
});

test('who refuses in the browser, or gives up, is not signed in', async () => {
  const { aws, standIn } = await startMachine();
  const step = await aws.profiles.beginSignIn('team', never);
  if (step.step !== 'browser') throw new Error('no browser');
  expect(step.address).toBe(`${standIn.endpoint}/device?user_code=${step.code}`);
  const giveUp = new AbortController();
  const waiting = aws.profiles.continueSignIn('team', null, giveUp.signal);
  await expect.poll(() => standIn.heard.filter((line) => line.startsWith('POST /token')).length).toBeGreaterThan(1);
  giveUp.abort();
  await expect(waiting).rejects.toThrow();
  standIn.answerCode(step.code, false);
  expect(await failureOf(aws.profiles.continueSignIn('team', null, never))).toEqual([
    'access-denied',
    'Signing in at https://company.awsapps.com/start was refused in the browser. Begin again.',
  ]);
});

test('a role that takes a code asks for it once, and again when its hour is over', async () => {
  const machine = await startMachine();
  const { aws, standIn } = machine;
  expect((await failureOf(bucketsOf(machine, 'deploy')))[0]).toBe('sign-in-needed');
  const asked = { step: 'code', profile: 'deploy', device: 'arn:aws:iam::111122223333:mfa/me' };
  expect(await aws.profiles.beginSignIn('deploy', never)).toEqual(asked);
  const [code, message] = await failureOf(aws.profiles.continueSignIn('deploy', '000000', never));
  expect(code).toBe('access-denied');
  expect(message).toContain('invalid MFA one time pass code');
  expect(message).not.toContain('000000');
  expect(await aws.profiles.continueSignIn('deploy', standIn.settings.mfaCode, never)).toEqual({ step: 'done' });
  expect(await bucketsOf(machine, 'deploy')).toEqual(['records']);
  expect(await bucketsOf(machine, 'deploy')).toEqual(['records']);
  expect(standIn.roles.filter((role) => role.get('TokenCode') === '123456').length).toBe(1);

  standIn.settings.roleSeconds = -1;
  await aws.profiles.continueSignIn('deploy', null, never);
  const short = createAwsCredentials({ HOME: machine.home }, readNetworkSettings({}));
  await short.profiles.continueSignIn('deploy', standIn.settings.mfaCode, never);
  expect((await short.profiles.find('deploy'))?.signIn).toBe('code');
});

test('what gives no credentials says why, on what, and what to do', async () => {
  const machine = await startMachine();
  const { aws, standIn, home } = machine;
  const failing = async (profile: string) => await failureOf(aws.profiles.provider(profile).fetch());
  await writeFile(join(home, 'credentials.cjs'), 'console.error("secret-word"); process.exit(3)');
  expect(await failing('program')).toEqual([
    'credentials-missing',
    'The program that credential_process of the profile "program" names ended with the code 3. Run it in a terminal to see why, then try again.',
  ]);
  await writeFile(join(home, 'credentials.cjs'), 'console.log("no")');
  expect((await failing('program'))[1]).toContain('prints no JSON');
  expect(await failing('circle')).toEqual(['credentials-missing', expect.stringContaining('leads in a circle')]);
  expect(await failing('nobody')).toEqual(['credentials-missing', expect.stringContaining('no profile "nobody"')]);
  standIn.settings.webIdentityToken = 'another';
  expect(await failing('cluster')).toEqual([
    'credentials-missing',
    expect.stringContaining(
      'does not give the role arn:aws:iam::111122223333:role/cluster: The token is not one of ours',
    ),
  ]);
  await rm(join(home, 'token'));
  expect((await failing('cluster'))[1]).toContain('cannot be read (ENOENT)');
  standIn.settings.instanceRole = null;
  expect((await failing('default'))[1]).toContain('the instance that Dipper runs on, which gives none');
  await signInThroughBrowser(machine, 'team');
  standIn.settings.externalId = 'another';
  expect(await failing('partner')).toEqual(['access-denied', expect.stringContaining('partner-external: User is not')]);
  await standIn.close();
  cleanUps.splice(1, 1);
  expect((await failing('partner'))[0]).toBe('connection-refused');
});

test('without keys the variables’ token, then the instance, give credentials', async () => {
  const machine = await startMachine();
  const { standIn, home, sandbox } = machine;
  const services = { AWS_ENDPOINT_URL_STS: standIn.endpoint, AWS_EC2_METADATA_SERVICE_ENDPOINT: standIn.endpoint };
  const listed = async (variables: Readonly<Record<string, string>>) => {
    const aws = createAwsCredentials({ HOME: home, ...services, ...variables }, readNetworkSettings({}));
    const client = createS3Client({ ...targetOf(sandbox), credentials: aws.ofEnvironment('Here') });
    cleanUps.push(() => client.close());
    return await client.listBuckets({});
  };
  const role = 'arn:aws:iam::111122223333:role/pod';
  const token = { AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'token'), AWS_ROLE_ARN: role };
  expect(await listed({ ...token, AWS_ROLE_SESSION_NAME: 'here' })).toEqual(['records']);
  expect(standIn.roles.at(-1)?.get('RoleSessionName')).toBe('here');
  expect(await listed({})).toEqual(['records']);
  const [code, message] = await failureOf(listed({ AWS_EC2_METADATA_DISABLED: 'true' }));
  expect([code, message]).toEqual([
    'credentials-missing',
    expect.stringContaining('The connection Here takes its keys'),
  ]);
});
