import { expect, test } from 'vitest';
import { isOneService, routeBetween } from '../../../electron/engine/jobs/kinds/copy-route.ts';
import type { Connection } from '../../../shared/connection.ts';
import { testCollection, testConnection } from '../ipc/test-server.ts';

/** Whether a server that these two connections lead to can copy from one to the other. */
function reaches(a: Partial<Connection>, b: Partial<Connection>): boolean {
  const [source, destination] = [a, b].map((change, at) => ({
    collection: testCollection,
    connection: { ...testConnection, id: `connection-${at}`, ...change },
  }));
  if (source === undefined || destination === undefined) throw new Error('two ends');
  const route = routeBetween(source, destination);
  expect(route).toEqual({ byServer: isOneService(source, destination), mayBeRefused: true });
  return route.byServer;
}

const profile = (name: string) => ({ credentials: { source: 'profile', profile: name } }) as const;
const keys = (accessKeyId: string) => ({ credentials: { source: 'keys', accessKeyId } }) as const;

test('the server copies between two connections where a name of a bucket means the same one to both', () => {
  const amazon = { kind: 'aws', endpoint: null } as const;

  // Amazon's, whoever asks and in whichever region, but not from China to elsewhere.
  expect(reaches({ ...amazon, ...profile('one') }, { ...amazon, ...keys('other') })).toBe(true);
  expect(reaches({ ...amazon, region: 'eu-west-1' }, { ...amazon, region: 'us-east-1' })).toBe(true);
  expect(reaches({ ...amazon, region: 'cn-north-1' }, { ...amazon, region: 'us-east-1' })).toBe(false);
  expect(reaches({ ...amazon, region: 'us-gov-west-1' }, { ...amazon, region: 'us-gov-east-1' })).toBe(true);
  expect(reaches({ ...amazon, region: 'us-gov-west-1' }, { ...amazon, region: 'us-east-1' })).toBe(false);

  const server = { kind: 'custom', endpoint: 'https://s3.example' } as const;
  expect(reaches({ ...server, ...profile('one') }, { ...server, ...profile('one') })).toBe(true);
  expect(
    reaches(
      { ...server, credentials: { source: 'environment' } },
      { ...server, credentials: { source: 'environment' } },
    ),
  ).toBe(true);
  // A tenant's bucket of this name may be another one.
  expect(reaches({ ...server, ...profile('one') }, { ...server, ...profile('two') })).toBe(false);
  expect(reaches({ ...server, ...keys('one') }, { ...server, endpoint: 'https://s3.other', ...keys('one') })).toBe(
    false,
  );
  const minio = { kind: 'minio', endpoint: 'http://127.0.0.1:9000' } as const;
  expect(reaches({ ...minio, ...keys('one') }, { ...minio, ...keys('two') })).toBe(true);
});
