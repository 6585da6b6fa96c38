import { expect, test } from 'vitest';
import { createAwsCredentials } from '../../electron/engine/credentials/aws-credentials.ts';
import { readNetworkSettings } from '../../electron/engine/s3/network-settings.ts';
import { createTargets } from '../../electron/services/targets.ts';
import { createMemorySecretStore } from '../../electron/store/secrets.ts';
import { urlConnection } from '../../electron/store/url-collections.ts';
import type { Connection } from '../../shared/connection.ts';
import { AppFailure } from '../../shared/result.ts';

const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'mine', AWS_SECRET_ACCESS_KEY: 'of the environment' };
const ofCommand = urlConnection({ endpoint: 'http://s3.test', region: 'eu-1', pathStyle: true, accessKeyId: 'mine' });
const saved: Connection = { ...ofCommand, id: 'saved', name: 'Saved' };

/** The secret that is signed with, or the code of the failure. */
async function secretFor(connection: Connection, isCommand: boolean, remembered?: string): Promise<unknown> {
  const targets = createTargets({
    secrets: createMemorySecretStore(),
    environment: ENVIRONMENT,
    aws: createAwsCredentials(ENVIRONMENT, readNetworkSettings({})),
    isCommand,
    sandbox: () => Promise.reject(new Error('none')),
  });
  if (remembered !== undefined) {
    targets.rememberSecret(connection.id, { secretAccessKey: remembered, sessionToken: null });
  }
  try {
    return (await targets.resolve(connection)).credentials;
  } catch (error) {
    if (error instanceof AppFailure) return [error.error.code, error.error.message];
    throw error;
  }
}

const withSecret = (secretAccessKey: string): unknown => ({ accessKeyId: 'mine', secretAccessKey, sessionToken: null });

test('what a command left undone is not done with the environment of a window, but with that of the next command', async () => {
  expect(await secretFor(ofCommand, false)).toEqual([
    'credentials-missing',
    expect.stringContaining('Run a command with the same URL and the same keys'),
  ]);
  expect(await secretFor(ofCommand, true)).toEqual(withSecret('of the environment'));
  expect(await secretFor(ofCommand, false, 'sent along')).toEqual(withSecret('sent along'));
});

test('the environment may hold the secret of a saved connection where no keychain is read, and of no other key', async () => {
  expect(await secretFor(saved, false)).toEqual(withSecret('of the environment'));
  const other: Connection = { ...saved, credentials: { source: 'keys', accessKeyId: 'other' } };
  expect(await secretFor(other, false)).toEqual(['credentials-missing', expect.any(String)]);
  // It looks at no secret.
  expect(await secretFor({ ...other, kind: 'localstack' }, false)).toMatchObject({ secretAccessKey: 'test' });
});
