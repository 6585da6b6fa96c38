import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { attachToDataFolder, scriptsIn } from '../../../electron/application.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { createCaller } from '../../../electron/ipc/caller.ts';
import type { Job } from '../../../shared/job.ts';
import { COLLECTION_DEFAULTS } from '../../../shared/collection.ts';
import { buildIndexProcess } from '../index/support/index-process.ts';
import { startAwsStandIn } from '../support/aws-stand-in.ts';
import { startTestSandbox, targetOf } from '../support/sandbox.ts';
import { writeTenProfiles } from '../support/ten-profiles.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  vi.unstubAllEnvs();
});

/** A Dipper with ten profiles, what gives them credentials, and a collection that is reached by one of them. */
async function startWorld(profile: string) {
  const sandbox = await startTestSandbox({ buckets: ['records'], sessionToken: 'token' });
  cleanUps.push(() => sandbox.stop());
  const client = createS3Client(targetOf(sandbox));
  cleanUps.push(() => client.close());
  const standIn = await startAwsStandIn(sandbox);
  cleanUps.push(() => standIn.close());
  const home = await mkdtemp(join(tmpdir(), 'dipper-waiting-'));
  cleanUps.push(() => rm(home, { recursive: true }));
  await writeTenProfiles(home, { ...sandbox, s3: sandbox.endpoint, standIn: standIn.endpoint });
  vi.stubEnv('HOME', home);
  const spawner = await buildIndexProcess();
  cleanUps.push(() => spawner.remove());
  const attachment = await attachToDataFolder({
    dataFolder: join(home, 'data'),
    shell: 'browser',
    version: '1.2.3',
    scripts: scriptsIn(home),
    spawnIndexProcess: spawner.spawn,
  });
  cleanUps.push(() => attachment.close());
  const caller = createCaller(attachment.door);
  const { endpoint, region } = sandbox;
  await caller.call('connections:save', {
    connection: {
      id: 'connection',
      name: 'Connection',
      kind: 'custom',
      endpoint,
      region,
      pathStyle: true,
      credentials: { source: 'profile', profile },
      environment: 'test',
      readOnly: false,
      maxWorkers: null,
    },
  });
  const place = { id: 'records', connectionId: 'connection', name: 'records', bucket: 'records', prefix: '' };
  await caller.call('collections:save', { collection: { ...place, codec: 'plain', ...COLLECTION_DEFAULTS } });
  return { sandbox, client, standIn, caller };
}

test('a job whose session has ended pauses, and goes on once somebody has signed in', async () => {
  const { client, standIn, caller } = await startWorld('partner');
  const { etag } = await client.putObject('records', '1.json', Buffer.from('{}'), {});
  const { id } = await caller.call('jobs:start', {
    job: { kind: 'delete', collection: 'records', records: { records: [{ key: '1.json', etag }] } },
    spending: 'anything',
  });
  const job = async () => (await caller.call('jobs:list', {})).find((each) => each.id === id);
  await expect.poll(async () => (await job())?.state).toBe('paused');
  expect((await job())?.error).toMatchObject({ code: 'sign-in-needed', detail: { profile: 'partner' } });

  // Another profile of the same session: it is the session that the job waits for.
  const step = await caller.call('profiles:begin-sign-in', { profile: 'team' });
  if (step.step !== 'browser') throw new Error('no browser');
  standIn.answerCode(step.code, true);
  expect(await caller.call('profiles:continue-sign-in', { profile: 'team', code: null })).toEqual({ step: 'done' });
  await expect.poll(async () => (await job())?.state).toBe('completed');
  expect((await client.listObjectsV2('records', {})).objects).toEqual([]);
});

test('a job whose code has run out in its middle asks for another, and goes on; also where the server alone knows', async () => {
  const { sandbox, client, standIn, caller } = await startWorld('deploy');
  for (let n = 0; n < 150; n += 1) {
    await client.putObject('records', `${String(n).padStart(3, '0')}.json`, Buffer.from('{}'), {});
  }
  const giveCode = async (): Promise<void> => {
    const code = standIn.settings.mfaCode;
    expect(await caller.call('profiles:begin-sign-in', { profile: 'deploy' })).toMatchObject({ step: 'code' });
    expect(await caller.call('profiles:continue-sign-in', { profile: 'deploy', code })).toEqual({ step: 'done' });
  };
  const update = async (text: string): Promise<() => Promise<Job | undefined>> => {
    const { objects: records } = await client.listObjectsV2('records', {});
    const edits = [{ part: 'fields', path: ['seen'], text }] as const;
    const { id } = await caller.call('jobs:start', {
      job: {
        kind: 'update',
        collection: 'records',
        records: { records: records.map(({ key, etag }) => ({ key, etag })) },
        edits,
      },
      spending: 'anything',
    });
    return async () => (await caller.call('jobs:list', {})).find((job) => job.id === id);
  };
  const asks = { state: 'paused', error: { code: 'sign-in-needed', detail: { profile: 'deploy' } } };

  // So slow that the role ends before a second request of each worker.
  standIn.settings.roleSeconds = 6;
  await giveCode();
  sandbox.faults.set([{ operation: 'PutObject', key: '0', fault: { kind: 'delay', milliseconds: 6_000 } }]);
  const slow = await update('true');
  await expect.poll(slow, { timeout: 20_000 }).toMatchObject(asks);
  const { counts } = (await slow()) ?? {};
  expect(counts?.done).toBeGreaterThan(0);
  expect(counts?.done).toBeLessThan(150);
  expect(counts?.failed).toBe(0);
  sandbox.faults.set([]);
  standIn.settings.roleSeconds = 3600;
  await giveCode();
  await expect.poll(slow).toMatchObject({ state: 'completed', counts: { done: 150, failed: 0 } });

  // Ended by somebody, before its time.
  const refused = { kind: 'answer', status: 400, code: 'ExpiredToken' } as const;
  sandbox.faults.set([{ operation: 'PutObject', skip: 40, fault: refused }]);
  const refusedJob = await update('false');
  await expect.poll(refusedJob).toMatchObject({ ...asks, counts: { done: 40, failed: 0 } });
  sandbox.faults.set([]);
  await giveCode();
  await expect.poll(refusedJob).toMatchObject({ state: 'completed', counts: { done: 150, failed: 0 } });
});
