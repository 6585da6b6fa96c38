import { expect, test } from 'vitest';
import {
  collectionFormOf,
  collectionOf,
  collectionProblems,
  folderOf,
  newCollectionForm,
} from '../../../../renderer/connections/collection-form.ts';
import {
  connectionOf,
  formOf,
  formProblems,
  hasAdvanced,
  newForm,
  secretOf,
  withKind,
} from '../../../../renderer/connections/connection-form.ts';

test('another kind of server brings its usual values and keeps what was typed', () => {
  const typed = { ...newForm('1', 'aws'), name: 'Lab', environment: 'production' as const };
  const minio = withKind(typed, 'minio');
  expect([minio.name, minio.environment, minio.endpoint, minio.pathStyle, minio.source]).toEqual([
    'Lab',
    'production',
    'http://localhost:9000',
    true,
    'keys',
  ]);
  expect(withKind(minio, 'aws')).toEqual(typed);
});

test('a connection goes through the form unchanged, its secret never comes back and is asked for where none is kept', () => {
  const connection = connectionOf({ ...newForm('1', 'localstack'), maxWorkers: '8', readOnly: true });
  const form = formOf(connection);
  expect(connectionOf(form)).toEqual(connection);
  expect([secretOf(form), Object.keys(formProblems(form, [], false)), formProblems(form, [], true)]).toEqual([
    null,
    ['secretAccessKey'],
    {},
  ]);
});

test('a budget is digits or nothing, and goes through the form unchanged', () => {
  const typed = { ...newForm('1', 'aws'), name: 'Archive', budgetRequests: '500', budgetDollars: '0.01' };
  expect([connectionOf(typed).budget, formOf(connectionOf(typed)).budgetDollars, hasAdvanced(typed)]).toEqual([
    { requests: 500, dollars: 0.01 },
    '0.01',
    true,
  ]);
  expect(connectionOf({ ...typed, budgetDollars: '' }).budget).toEqual({ requests: 500, dollars: null });
  expect(connectionOf({ ...typed, budgetRequests: '', budgetDollars: '' })).not.toHaveProperty('budget');
  const wrong = formProblems({ ...typed, budgetRequests: '1.5', budgetDollars: '-1' }, [], true);
  expect(wrong).toEqual({
    budgetRequests: 'A whole number, or empty.',
    budgetDollars: 'Dollars such as 0.01, or empty.',
  });
});

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

test('a connection says how it is reached only where that is not as usual', () => {
  const usual = newForm('1', 'minio');
  expect([connectionOf(usual).network, hasAdvanced(usual)]).toEqual([undefined, false]);
  const typed = {
    ...usual,
    proxy: 'own' as const,
    proxyAddress: 'http://proxy.example:3128/',
    certificateAuthority: PEM,
  };
  const { network } = connectionOf(typed);
  expect(network).toEqual({
    proxy: 'http://proxy.example:3128',
    certificateAuthority: PEM,
    unsignedBodies: false,
  });
  expect([connectionOf(formOf(connectionOf(typed))), hasAdvanced(typed)]).toEqual([connectionOf(typed), true]);
  // What an older Dipper kept and main could not read.
  expect(formProblems({ ...typed, certificateAuthority: '/gone.pem' }, [], true).certificateAuthority).toContain(
    '/gone.pem',
  );
  const addresses = ['http://proxy:3128', 'proxy:3128', 'http://ann:secret@proxy:3128', 'socks5://proxy:1080'];
  expect(
    addresses.map((proxyAddress) => formProblems({ ...typed, proxyAddress }, [], true).proxyAddress === undefined),
  ).toEqual([true, false, false, false]);
});

test('what is wrong with a connection is said at its field', () => {
  const form = { ...newForm('1', 'custom'), name: 'AWS', region: ' ', accessKeyId: 'K', secretAccessKey: 's' };
  expect(Object.keys(formProblems({ ...form, endpoint: 'localhost:9000' }, ['AWS'], false)).toSorted()).toEqual([
    'endpoint',
    'name',
    'region',
  ]);
  const endpoints = [
    'https://host',
    'http://[::1]:9000',
    'https://host/bucket',
    'https://key:secret@host',
    'ftp://host',
  ];
  expect(endpoints.map((endpoint) => formProblems({ ...form, endpoint }, [], true).endpoint === undefined)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('a prefix gets its final slash, a dataknobs collection its key, and settings come back as they were', () => {
  const form = { ...newCollectionForm('1', 'c'), bucket: 'media', prefix: 'archive/movies', keyTemplate: 'x/{id}' };
  const collection = collectionOf(form, 'dataknobs', { codec: 'dataknobs', reason: '', looked: 0 });
  expect(collection).toMatchObject({
    name: 'movies',
    prefix: 'archive/movies/',
    keyTemplate: '{id}.json',
    tagMapping: true,
  });
  expect(collectionOf(collectionFormOf(collection), collection.codec, null)).toEqual(collection);
  expect(collectionOf(form, 'dataknobs', { codec: 'dataknobs', reason: '', looked: 9 }).tagMapping).toBe(false);
  expect([folderOf('archive/mov'), folderOf('archive/'), folderOf('x')]).toEqual(['archive/', 'archive/', '']);
  expect(Object.keys(collectionProblems({ ...form, bucket: '', keyTemplate: 'a.json', ttl: '-1' })).toSorted()).toEqual(
    ['bucket', 'keyTemplate', 'ttl'],
  );
});

test.each([
  ['{id}.json', undefined],
  ['year/{id}', undefined],
  ['a.json', 'The key needs {id} in it: the place of the record’s id.'],
  ['{date}/{id}', '{date} is not filled in: {id} is the only placeholder.'],
  ['{id}\n', 'The key holds a control character. Remove it.'],
  [`${'x'.repeat(1000)}{id}`, 'A key would have 1042 bytes; S3 allows 1024.'],
])('the key %j of a new record is judged while it is typed', (keyTemplate, problem) => {
  const form = { ...newCollectionForm('1', 'c'), bucket: 'media', prefix: 'pätz', keyTemplate };
  expect(collectionProblems(form).keyTemplate).toBe(problem);
  expect(collectionProblems({ ...form, codec: 'dataknobs' }).keyTemplate).toBeUndefined();
});

test('the encryption of new records comes back as it was, with the bucket key only where S3 has one', () => {
  const form = { ...newCollectionForm('1', 'c'), bucket: 'media', encryptionKey: ' alias/a ', bucketKey: true };
  const kms = collectionOf({ ...form, encryption: 'aws:kms' }, 'plain', null);
  expect(kms.encryption).toEqual({ algorithm: 'aws:kms', keyId: 'alias/a', bucketKey: true });
  expect(collectionOf(collectionFormOf(kms), 'plain', null)).toEqual(kms);
  expect([
    collectionOf({ ...form, encryption: 'aws:kms:dsse' }, 'plain', null).encryption,
    collectionOf({ ...form, encryption: 'AES256' }, 'plain', null).encryption,
    collectionProblems({ ...form, encryption: 'aws:kms', encryptionKey: 'two words' }).encryptionKey,
    collectionProblems({ ...form, encryptionKey: 'two words' }).encryptionKey,
  ]).toEqual([
    { algorithm: 'aws:kms:dsse', keyId: 'alias/a' },
    { algorithm: 'AES256' },
    'An id, alias/NAME or ARN, without blanks.',
    undefined,
  ]);
});
