import { expect, test } from 'vitest';
import { createAddressing } from '../../../electron/engine/s3/addressing.ts';
import { copySource } from '../../../electron/engine/s3/copy-object.ts';
import { createRequestPreparer } from '../../../electron/engine/s3/prepare-request.ts';
import type { S3Target } from '../../../electron/engine/s3/s3-client.ts';

const credentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: null };

test.each([
  [null, 'https://records.s3.eu-west-1.amazonaws.com'],
  ['https://s3.us-east-1.amazonaws.com', 'https://records.s3.eu-west-1.amazonaws.com'],
  ['https://s3.example.com', 'https://records.s3.example.com'],
  ['https://s3.us-east-1.amazonaws.com.example.com', 'https://records.s3.us-east-1.amazonaws.com.example.com'],
])('a bucket in another region, of a connection to %s, is asked for at %s', (endpoint, origin) => {
  const target: S3Target = {
    endpoint,
    region: 'us-east-1',
    pathStyle: false,
    credentials,
    name: 'test',
    maxWorkers: null,
  };
  const preparer = createRequestPreparer(target, createAddressing(target));
  preparer.useRegion('records', 'eu-west-1');
  const prepare = (bucket: string) =>
    preparer.prepare({ name: 'GetObject', method: 'GET', bucket, key: 'a' }, credentials, new Date(0));
  expect(prepare('records').origin).toBe(origin);
  expect(prepare('records').headers['authorization']).toContain('/eu-west-1/s3/');
  expect(prepare('others').headers['authorization']).toContain('/us-east-1/s3/');
  preparer.useRegion('records', null);
  expect(prepare('records').headers['authorization']).toContain('/us-east-1/s3/');
});

test('an access point is signed for in its own region, and the region that a bucket is in keeps the kind of address', () => {
  const target: S3Target = {
    endpoint: null,
    region: 'us-east-1',
    pathStyle: false,
    credentials,
    name: 'test',
    maxWorkers: null,
    amazon: { accelerate: false, dualStack: true, fips: false },
  };
  const preparer = createRequestPreparer(target, createAddressing(target));
  preparer.useRegion('records', 'eu-west-1');
  const prepare = (bucket: string) =>
    preparer.prepare({ name: 'GetObject', method: 'GET', bucket, key: 'a' }, credentials, new Date(0));
  expect(prepare('records').origin).toBe('https://records.s3.dualstack.eu-west-1.amazonaws.com');
  const point = prepare('arn:aws:s3:us-west-2:123456789012:accesspoint/reports');
  expect(point.origin).toBe('https://reports-123456789012.s3-accesspoint.dualstack.us-west-2.amazonaws.com');
  expect(point.headers['authorization']).toContain('/us-west-2/s3/');
  const source = { bucket: 'arn:aws:s3:us-west-2:123456789012:accesspoint:reports', key: 'a b.json' };
  expect(copySource(source)).toBe('arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint/reports/object/a%20b.json');
});
