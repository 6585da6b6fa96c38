import { describe, expect, test } from 'vitest';
import { arrangeConnections } from '../../../electron/services/arrange-connections.ts';
import { exportText, isExport, readExport } from '../../../electron/services/connection-files/exported-connections.ts';
import type { FoundInFile } from '../../../electron/services/connection-files/found-connections.ts';
import { parseText } from '../../../electron/services/connection-files/parse-text.ts';
import { planImport } from '../../../electron/services/connection-files/plan-import.ts';
import { readConfiguration } from '../../../electron/services/connection-files/read-configuration.ts';
import { createVariables } from '../../../electron/services/connection-files/variables.ts';
import { COLLECTION_DEFAULTS, type Collection } from '../../../shared/collection.ts';
import { variablesIn } from '../../../shared/connection-file.ts';
import type { Connection } from '../../../shared/connection.ts';
import { AppFailure } from '../../../shared/result.ts';

const SECRET = 'planted/SECRET+value';

async function configuration(
  text: string,
  given: Record<string, string> = {},
  environment: Record<string, string> = {},
): Promise<FoundInFile & { readonly variables: unknown }> {
  const variables = createVariables(given, environment);
  const found = readConfiguration(await parseText(text, 'The text'), 'The text', variables, {
    environment: 'test',
    readOnly: false,
  });
  return { ...found, variables: variables.met() };
}

async function reasonsOf(text: string, environment: Record<string, string> = {}): Promise<Record<string, string>> {
  const { omitted } = await configuration(text, {}, environment);
  return Object.fromEntries(omitted.map(({ name, why, reason }) => [name, `${why}: ${reason}`]));
}

function entry(name: string, more: string): string {
  return `  - {name: ${name}, backend: s3, bucket: b, prefix: ${name}/, endpoint_url: "http://minio.example:9000"${more}}\n`;
}

const connection = (change: Partial<Connection>): Connection => ({
  id: 'one',
  name: 'One',
  kind: 'custom',
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  pathStyle: true,
  credentials: { source: 'keys', accessKeyId: 'AK' },
  environment: 'production',
  readOnly: true,
  maxWorkers: null,
  ...change,
});

const collection = (change: Partial<Collection>): Collection => ({
  id: 'films',
  connectionId: 'one',
  name: 'films',
  bucket: 'b',
  prefix: 'films/',
  codec: 'dataknobs',
  ...COLLECTION_DEFAULTS,
  ...change,
});

describe('a dataknobs configuration', () => {
  test('becomes connections and collections: defaults of settings, variables, workers and TTL', async () => {
    const { connections, omitted, variables } = await configuration(
      `settings:
  config_root: /etc/app
  databases.endpoint_url: http://127.0.0.1:4566
  region: eu-west-3
databases:
  - name: archive
    backend: S3
    bucket: \${BUCKET:archive}
    prefix: \${S3_PREFIX:data/}
    max_workers: "\${WORKERS:20}"
    cache_ttl: 300
    storage_class: STANDARD_IA
    access_key_id: \${KEY}
    secret_access_key: \${S3_SECRET}
  - name: public
    backend: s3
    bucket: public
    endpoint_url: ""
    max_retries: 5
`,
      { KEY: 'AKIA1', S3_SECRET: SECRET },
      { BUCKET: 'of-the-environment' },
    );
    expect(omitted).toEqual([]);
    expect(connections).toEqual([
      {
        connection: {
          name: 'archive',
          kind: 'localstack',
          endpoint: 'http://127.0.0.1:4566',
          region: 'eu-west-3',
          pathStyle: true,
          credentials: { source: 'keys', accessKeyId: 'AKIA1' },
          environment: 'test',
          readOnly: false,
          maxWorkers: null,
        },
        secret: { secretAccessKey: SECRET, sessionToken: null },
        collections: [
          {
            collection: {
              name: 'archive',
              bucket: 'of-the-environment',
              prefix: 'data/',
              codec: 'dataknobs',
              ...COLLECTION_DEFAULTS,
              maxWorkers: 20,
              cacheTtlSeconds: 300,
              defaultStorageClass: 'STANDARD_IA',
            },
            notes: [],
          },
        ],
        entries: ['archive'],
      },
      expect.objectContaining({
        connection: expect.objectContaining({
          name: 'public',
          kind: 'aws',
          endpoint: null,
          pathStyle: false,
          credentials: { source: 'environment' },
        }),
        secret: null,
        collections: [
          expect.objectContaining({
            notes: [
              'No prefix is named: SyncS3Database takes records/.',
              'Dipper has no use for max_retries: that stays dataknobs’ own.',
            ],
          }),
        ],
      }),
    ]);
    expect(variables).toEqual([
      { name: 'BUCKET', from: 'environment', isSecret: false },
      { name: 'S3_PREFIX', from: 'default', isSecret: false },
      { name: 'WORKERS', from: 'default', isSecret: false },
      { name: 'KEY', from: 'given', isSecret: false },
      { name: 'S3_SECRET', from: 'given', isSecret: true },
    ]);
    expect(JSON.stringify(variables)).not.toContain(SECRET);
  });

  test('shares a connection among entries with the same server, region and keys, and no further', async () => {
    const keys = ', access_key_id: A, secret_access_key: S';
    const { connections } = await configuration(
      `databases:\n${entry('a', keys)}${entry('b', keys)}${entry('c', `${keys}, region: eu-west-1`)}${entry('d', '')}`,
    );
    expect(connections.map(({ connection: { name, kind }, entries }) => [name, kind, entries])).toEqual([
      ['minio.example:9000', 'minio', ['a', 'b']],
      ['c', 'minio', ['c']],
      ['d', 'minio', ['d']],
    ]);
  });

  test('says by name what it refuses and what it leaves out', async () => {
    expect(
      await reasonsOf(
        `databases:
  - {name: typo, backend: s3, bukcet: b}
  - {name: async, factory: async_database, backend: s3, bucket: b, max_workers: 3}
  - {name: no-bucket, backend: s3, bucket: ""}
  - {name: half, backend: s3, bucket: b, aws_access_key_id: AK}
  - {name: unset, backend: s3, bucket: "\${MISSING}"}
  - {name: said, backend: s3, bucket: "\${MISSING:?ask Ann}"}
  - {name: leak, backend: s3, bucket: b, prefix: "\${AWS_SECRET_ACCESS_KEY}/"}
  - {name: number, backend: s3, bucket: 2024}
  - {name: workers, backend: s3, bucket: b, max_workers: many}
  - {name: path, backend: s3, bucket: b, endpoint_url: "http://host/path"}
  - {name: cache, backend: memory}
  - {name: nothing}
  - "@other.yaml"
`,
        { AWS_SECRET_ACCESS_KEY: SECRET },
      ),
    ).toEqual({
      typo: 'refused: It has a key that dataknobs’ S3 backend does not know: "bukcet" (Did you mean bucket?).',
      async: 'refused: It has a key that dataknobs’ S3 backend does not know: "max_workers".',
      'no-bucket': 'refused: It has no bucket, which dataknobs’ S3 backend requires.',
      half: 'refused: aws_secret_access_key is missing beside its counterpart. Name both keys, or neither for those of the AWS_ variables.',
      unset: 'refused: The variable MISSING is not set, and the file has no default for it.',
      said: 'refused: The variable MISSING is not set, and the file has no default for it. The file says: ask Ann.',
      leak: 'refused: ${AWS_SECRET_ACCESS_KEY} is a secret, and stands where none belongs. Take another variable there.',
      number: 'refused: bucket is no text. Put it in quotes.',
      workers: 'refused: max_workers is no whole number above 0.',
      path: 'refused: endpoint_url is not a URL such as https://s3.example.com or http://127.0.0.1:9000.',
      cache: 'left-out: Its backend is memory: Dipper shows what is in S3.',
      nothing: 'left-out: It names no backend, which dataknobs takes for memory.',
      '12': 'left-out: It stands in another file, other.yaml. Import that one.',
    });
  });

  test('is YAML 1.1 or JSON; what is neither is refused by its place, without its text', async () => {
    const json = await configuration('{"databases": {"backend": "s3", "bucket": "b"}}');
    expect(json.connections).toMatchObject([{ connection: { name: '0' }, entries: ['0'] }]);
    const anchors = await configuration(
      'common: &s3 {backend: s3, bucket: b}\ndatabases:\n  - {<<: *s3, name: a}\n  - {<<: *s3, name: b, prefix: p}\n',
    );
    expect(anchors.connections).toMatchObject([{ entries: ['a', 'b'] }]);

    const failed = await parseText(`a: 1\nkey: "${SECRET}\n`, 'app.yaml').catch((error: unknown) => error);
    if (!(failed instanceof AppFailure)) throw new Error('it was taken');
    expect(failed.error.message).toMatch(/^app\.yaml is neither YAML nor JSON: line \d+, column \d+ /);
    expect(failed.error.message).not.toContain(SECRET);
    await expect(configuration('just: text')).rejects.toThrow('The text holds no connections');

    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((pair) => pair.split(''))) {
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
    }
    await expect(parseText(bomb.join('\n'), 'The text')).rejects.toThrow('refers to itself more often');
  });

  test('names its variables', () => {
    expect(variablesIn('a: ${A:x} ${B} ${A}, ${C:-d}${D:?why}')).toEqual(['A', 'B', 'C', 'D']);
  });
});

describe('what is exported', () => {
  const one = connection({ group: 'Work', budget: { requests: 10, dollars: null } });

  test('comes back as it was, without ids and secrets', async () => {
    const text = exportText([one], [collection({}), collection({ id: 'other', connectionId: 'two' })]);
    expect(text).not.toMatch(/"id"|connectionId|ecret/);
    const content = await parseText(text, 'a.json');
    expect(isExport(content)).toBe(true);
    const found = readExport(content, 'a.json');
    const { id: _, ...rest } = one;
    const { id: __, connectionId: ___, ...films } = collection({});
    expect(found).toEqual({
      format: 'dipper',
      connections: [{ connection: rest, secret: null, collections: [{ collection: films, notes: [] }], entries: [] }],
      omitted: [],
    });
  });

  test('is used where it is there, and gets a free name where another has its own', async () => {
    const found = readExport(await parseText(exportText([one], [collection({})]), 'a.json'), 'a.json');
    const same = await planImport(found, {
      connections: [one],
      collections: [collection({})],
      hasSecret: () => Promise.resolve(true),
    });
    expect(same.connections).toMatchObject([{ fate: 'there', keys: 'not-needed', connection: { id: 'one' } }]);
    expect(same.collections).toMatchObject([{ fate: 'there', collection: { id: 'films' } }]);

    const others = [connection({ endpoint: 'http://127.0.0.1:2' }), connection({ id: 'two', name: 'One 2' })];
    const renamed = await planImport(found, {
      connections: others,
      collections: [],
      hasSecret: () => Promise.resolve(false),
    });
    const [imported] = renamed.connections;
    expect(imported).toMatchObject({
      fate: 'new',
      nameInFile: 'One',
      keys: 'needed',
      connection: { name: 'One 3', environment: 'production', readOnly: true, group: 'Work' },
    });
    expect(renamed.collections).toMatchObject([
      { fate: 'new', connectionName: 'One 3', collection: { connectionId: imported?.connection.id } },
    ]);
  });

  test('is refused entry by entry, and whole where a newer Dipper wrote it', () => {
    const { id: _, ...rest } = one;
    const found = readExport(
      {
        format: 'dipper-connections',
        version: 1,
        connections: [{ ...rest, colour: 'red' }, { ...rest, kind: 'sandbox' }, 'text'],
      },
      'a.json',
    );
    expect(found.omitted.map(({ name, why, reason }) => [name, why, reason])).toEqual([
      ['One', 'refused', 'It has members that are not known: colour.'],
      ['One', 'left-out', 'Each Dipper has a Sandbox of its own.'],
      ['Entry 3', 'refused', 'It is not of the type object.'],
    ]);
    expect(() => readExport({ format: 'dipper-connections', version: 2 }, 'a.json')).toThrow('a newer Dipper');
  });
});

test('connections are put into an order and into groups; one that is not named comes last', () => {
  const all = ['a', 'b', 'c'].map((id) => connection({ id, group: 'Old' }));
  const arranged = arrangeConnections(all, [
    { connection: 'c', group: null },
    { connection: 'a', group: 'New' },
    { connection: 'gone', group: null },
  ]);
  expect(arranged.map(({ id, group }) => [id, group])).toEqual([
    ['c', undefined],
    ['a', 'New'],
    ['b', 'Old'],
  ]);
  expect(arranged[0]).not.toHaveProperty('group');
});
