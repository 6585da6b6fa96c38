import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { attachToDataFolder, scriptsIn } from '../../../electron/application.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { createCaller } from '../../../electron/ipc/caller.ts';
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

test('a job whose session has ended pauses, and goes on once somebody has signed in', async () => {
  const sandbox = await startTestSandbox({ buckets: ['records'], sessionToken: 'token' });
  cleanUps.push(() => sandbox.stop());
  const client = createS3Client(targetOf(sandbox));
  cleanUps.push(() => client.close());
  const { etag } = await client.putObject('records', '1.json', Buffer.from('{}'), {});
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
      id: 'partner',
      name: 'Partner',
      kind: 'custom',
      endpoint,
      region,
      pathStyle: true,
      credentials: { source: 'profile', profile: 'partner' },
      environment: 'test',
      readOnly: false,
      maxWorkers: null,
    },
  });
  const place = { id: 'records', connectionId: 'partner', name: 'records', bucket: 'records', prefix: '' };
  await caller.call('collections:save', { collection: { ...place, codec: 'plain', ...COLLECTION_DEFAULTS } });
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
