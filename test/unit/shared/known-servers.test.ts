import { expect, test } from 'vitest';
import { ALL_CAPABILITIES } from '../../../electron/engine/s3/capabilities.ts';
import {
  KNOWN_SERVER_NAMES,
  knownServer,
  regionOfEndpoint,
  serverOf,
  serverOfEndpoint,
  serverOfHeader,
} from '../../../shared/known-servers.ts';
import { STORAGE_CLASSES } from '../../../shared/storage-classes.ts';

test.each([
  ['https://s3.us-west-004.backblazeb2.com', 'b2', 'us-west-004'],
  ['https://0123abc.r2.cloudflarestorage.com', 'r2', 'auto'],
  ['https://0123abc.eu.r2.cloudflarestorage.com', 'r2', 'auto'],
  ['https://s3.eu-central-2.wasabisys.com', 'wasabi', 'eu-central-2'],
  ['https://s3.wasabisys.com', 'wasabi', null],
  ['http://s3.localhost.localstack.cloud:4566', 'localstack', null],
  ['https://backblazeb2.com.example.org', null, null],
  ['not an address', null, null],
])('%s is that of %s, in region %s', (endpoint, name, region) => {
  expect([serverOfEndpoint(endpoint), regionOfEndpoint(endpoint)]).toEqual([name, region]);
});

test('what answers tells itself by its header, and its address, kind or region goes before', () => {
  expect(
    ['MinIO', 'WasabiS3/7.20', 'SeaweedFS 30GB 4.17', 'VERSITYGW', 'Ceph Object Gateway (squid)', 'nginx', null].map(
      serverOfHeader,
    ),
  ).toEqual(['minio', 'wasabi', 'seaweedfs', 'versity', 'ceph', null, null]);
  const custom = { kind: 'custom', endpoint: 'https://s3.example.com', region: 'us-east-1' } as const;
  expect([
    serverOf(custom),
    serverOf({ ...custom, server: 'ceph' }),
    serverOf({ ...custom, server: 'ceph', endpoint: 'https://s3.wasabisys.com' }),
    serverOf({ ...custom, region: 'garage' }),
    serverOf({ ...custom, kind: 'minio' }),
    serverOf({ ...custom, kind: 'aws', endpoint: null }),
  ]).toEqual([null, 'ceph', 'wasabi', 'garage', 'minio', null]);
});

test('the table names capabilities and storage classes that there are', () => {
  const classes = [...STORAGE_CLASSES.map(({ name }) => name), 'REDUCED_REDUNDANCY'];
  for (const server of KNOWN_SERVER_NAMES.map(knownServer)) {
    for (const capability of server.lacks) expect(ALL_CAPABILITIES, server.name).toHaveProperty(capability);
    expect(classes, server.name).toEqual(expect.arrayContaining([...(server.storageClasses ?? [])]));
    expect(server.note, server.name).toMatch(/^[A-Z].*\.$/);
  }
});
