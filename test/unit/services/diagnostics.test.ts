import { expect, test } from 'vitest';
import { describeApplication, type DiagnosticFacts } from '../../../electron/services/diagnostics.ts';
import { createMistakeLog } from '../../../electron/services/mistake-log.ts';
import { redactText } from '../../../electron/services/redact-text.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { requestEntry } from '../renderer/requests/request-entry.ts';
import { testCollection, testConnection } from '../ipc/test-server.ts';

/** Each in a place of its own. */
const NAMES = {
  bucket: 'acme-payroll',
  prefix: 'salaries/',
  key: 'salaries/jane-doe.json',
  connection: 'Acme Production',
  collection: 'Salaries of 2026',
  host: 'minio.acme.internal',
  accessKey: 'AKIDEXAMPLEOFACME',
  folder: '/srv/people/jane/dipper',
  note: 'views.json of jane was kept aside',
  proxy: 'http://proxy.acme.internal:3128',
  authority: '/etc/acme/authority.pem',
};

const SECRET = 'of/the+keychain"';

function facts(): DiagnosticFacts {
  const mistakes = createMistakeLog();
  mistakes.add('query:open', new TypeError(`cannot read ${NAMES.key} of ${NAMES.bucket} with ${SECRET}`));
  mistakes.add(`GET /${NAMES.key}`, `no error at all: ${NAMES.key}`);
  return {
    state: {
      version: '1.2.3',
      shell: 'desktop',
      platform: 'linux',
      dataFolder: NAMES.folder,
      secrets: 'memory',
      notes: [NAMES.note],
    },
    settings: DEFAULT_SETTINGS,
    connections: [
      {
        ...testConnection,
        name: NAMES.connection,
        endpoint: `https://${NAMES.host}:9000`,
        credentials: { source: 'keys', accessKeyId: NAMES.accessKey },
        network: { proxy: NAMES.proxy, certificateAuthority: NAMES.authority, unsignedBodies: false },
      },
    ],
    collections: [
      {
        ...testCollection,
        connectionId: testConnection.id,
        name: NAMES.collection,
        bucket: NAMES.bucket,
        prefix: NAMES.prefix,
      },
    ],
    jobs: [],
    requests: [
      requestEntry({
        connection: NAMES.connection,
        origin: `https://${NAMES.host}:9000`,
        path: `/${NAMES.bucket}/${NAMES.key}?versionId=1`,
        bucket: NAMES.bucket,
        key: NAMES.key,
        sentHeaders: ['x-amz-meta-owner', 'jane'],
      }),
    ],
    mistakes: mistakes.entries(),
    secrets: [SECRET],
  };
}

test('without names nothing in it tells a bucket, a record, a server or a person', () => {
  const { text } = describeApplication(facts(), false);
  expect(Object.values(NAMES).filter((name) => text.includes(name))).toEqual([]);
  expect(text).not.toMatch(/acme|jane|salar/i);
  const read: unknown = JSON.parse(text);
  expect(read).toMatchObject({
    program: { version: '1.2.3', shell: 'desktop', keysKeptIn: 'memory', notes: 1 },
    settings: DEFAULT_SETTINGS,
    connections: [
      {
        name: 'connection 1',
        endpoint: 'https://another host',
        credentials: 'keys',
        network: { proxy: 'own', certificateAuthority: true },
      },
    ],
    collections: [{ name: 'collection 1', connection: 'connection 1', prefixParts: 1 }],
    requests: [{ connection: 'connection 1' }],
    mistakes: [
      { place: 'query:open', text: expect.stringMatching(/^TypeError\n {2}at .*diagnostics\.test\.ts:\d+:\d+/) },
      { place: '(a place with a name)', text: 'Error' },
    ],
  });
});

test('with names it says where, and still no access key, secret or header', () => {
  const { text } = describeApplication(facts(), true);
  const there = ['bucket', 'prefix', 'key', 'connection', 'collection', 'host', 'folder', 'note'] as const;
  expect(there.filter((name) => !text.includes(NAMES[name]))).toEqual([]);
  expect(['accessKey', 'proxy', 'authority'].filter((name) => text.includes(Reflect.get(NAMES, name)))).toEqual([]);
  expect(text).not.toMatch(/keychain\W|x-amz-meta-owner/);
  expect(text).toContain('with …');
});

test('a secret is taken out of a text, known or by its form, and so is the name of the home folder', () => {
  const text = [
    `known ${SECRET} and in JSON ${JSON.stringify(SECRET)}`,
    'key AKIAIOSFODNN7EXAMPLE of somebody',
    'Authorization: AWS4-HMAC-SHA256 Credential=x',
    '{"secretAccessKey": "wJalrXUtnFEMI/K7MDENG"}',
    'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG',
    'X-Amz-Signature=0123456789abcdef&x=1',
    'https://jane:geheim@proxy.example:3128/',
    'Bearer abcdef0123456789',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
    '/home/jane/.aws/config',
  ].join('\n');
  const redacted = redactText(text, [SECRET], '/home/jane');
  expect(redacted).not.toMatch(/keychain|AKIA|HMAC|wJalr|0123456789|geheim|MIIE|jane/);
  expect(redacted).toContain('~/.aws/config');
  expect(redacted).toContain('&x=1');
});

test('the log of mistakes keeps the last hundred', () => {
  const log = createMistakeLog();
  for (let number = 1; number <= 150; number += 1) log.add(`place ${number}`, 'x'.repeat(10_000));
  expect([log.entries().length, log.entries()[0]?.place, log.entries()[0]?.text.length]).toEqual([
    100,
    'place 51',
    4_000,
  ]);
});
