import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import { findNode } from '../../shared/json/find-node.ts';
import type { JsonNode } from '../../shared/json/node.ts';
import { readJson } from '../../shared/json/read-json.ts';
import { createDipper, type Dipper, type Outcome } from '../integration/cli/run-dipper.ts';
import { startTestSandbox, targetOf } from '../integration/support/sandbox.ts';
import { comparable, foreignObjects, goldenObjects } from '../unit/records/golden-objects.ts';
import { addCollection, addConnection } from './support/contract.ts';
import { ONE_SHELL, type OpenDipper } from './support/shells.ts';

/** A prefix each: every folder has two objects under one key, written at different times. */
const golden = goldenObjects().map((object) => ({ ...object, place: `${object.name}/${object.key}` }));
const foreign = foreignObjects();
/** Listed by a dataknobs collection; the fixtures hold some keys beside its prefix, and some of other endings. */
const foreignRecords = foreign.map(({ key }) => key).filter((key) => /^records\/.*\.json$/.test(key));
const NO_RECORDS =
  'array arrayobj string number null true deep emptyfile invalid trailing ndjson latin1 fields_list fields_null fields_str fields_badtype'
    .split(' ')
    .map((name) => `records/${name}.json`);

const server = await startTestSandbox({ buckets: ['golden', 'foreign'] });
let dipper: Dipper;

beforeAll(async () => {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const client = createS3Client(targetOf(server));
  const headers = { contentType: 'application/json' };
  await Promise.all([
    ...golden.map(({ place, bytes }) => client.putObject('golden', place, bytes, { headers })),
    ...foreign.map(({ key, bytes }) => client.putObject('foreign', key, bytes, { headers })),
  ]);
  await client.close();
  dipper = await createDipper({
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
});

afterAll(async () => {
  await dipper.remove();
  await server.stop();
});

describe('the command line', () => {
  test('shows every record of every release as that release reads it', async () => {
    const answer = await dipper.run(['query', 's3://golden/', '--path-style', '--format', 'ndjson']);
    expect(answer, answer.stderr).toMatchObject({ code: 0 });
    expect(answer.stderr).toContain('dataknobs');
    const rows = rowsOf(answer);
    expect([...rows.keys()].toSorted()).toEqual(golden.map(({ place }) => place).toSorted());

    const differing = golden.flatMap(({ name, place, read }) => {
      const expected = findNode(readJson(read), ['fields']);
      // What a release loses of its own records is listed by the tests of the codec.
      if (expected?.kind !== 'object') return [];
      const values = expected.members.map((member): readonly [string, unknown] => {
        const value = findNode(member.value, ['value']);
        return [member.name, value === null ? undefined : inNdjson(comparable(value))];
      });
      const row = rows.get(place);
      const shown = row === undefined ? null : findNode(row, ['fields']);
      if (shown === null) return [`${name}: no fields`];
      const same = JSON.stringify(comparable(shown)) === JSON.stringify({ members: values });
      return same ? [] : [`${name}: ${JSON.stringify(comparable(shown))} instead of ${JSON.stringify(values)}`];
    });
    expect(differing).toEqual([]);
  });

  test('shows foreign objects as records where they are some, and the others with the reason', async () => {
    const url = 's3://foreign/records/';
    const answer = await dipper.run(['query', url, '--path-style', '--codec', 'dataknobs', '--format', 'ndjson']);
    expect(answer).toMatchObject({ code: 3 });
    expect(answer.stderr).toContain(`${NO_RECORDS.length} objects are unreadable`);
    const rows = rowsOf(answer);
    expect([...rows.keys()].toSorted()).toEqual(foreignRecords.toSorted());
    const problems = [...rows].filter(([, row]) => findNode(row, ['error']) !== null);
    expect(problems.map(([key]) => key).toSorted()).toEqual(NO_RECORDS.toSorted());
    for (const [, row] of problems) expect(findNode(row, ['error'])).toMatchObject({ value: /\w.+\.$/ });
  });

  test('reads them as plain JSON too, under whatever key', async () => {
    const url = 's3://foreign/records/';
    const answer = await dipper.run(['query', url, '--path-style', '--codec', 'plain', '--format', 'ndjson']);
    const keys = foreign.map(({ key }) => key).filter((key) => key.startsWith('records/'));
    expect([...rowsOf(answer).keys()].toSorted()).toEqual(keys.toSorted());
  });

  test('finds among them by condition, and says how many objects could not be asked', async () => {
    const query = JSON.stringify({ where: { combinator: 'and', rules: [{ field: 'p', operator: 'exists' }] } });
    const url = 's3://foreign/records/';
    const command = ['query', url, '--path-style', '--codec', 'dataknobs', '--format', 'ndjson', '--query', '-'];
    const answer = await dipper.run(command, query);
    expect(answer).toMatchObject({ code: 3 });
    expect(answer.stderr).toContain(`${NO_RECORDS.length} objects are unreadable and can match no condition.`);
    const found = [...rowsOf(answer).keys()];
    expect(found).toContain('records/nan.json');
    expect(found.filter((key) => NO_RECORDS.includes(key))).toEqual([]);
  });
});

describe.each(ONE_SHELL)('the page in $name', ({ open }) => {
  let app: OpenDipper;

  beforeAll(async () => {
    app = await open();
    const { id } = await addConnection(app.page, 'Archive', server);
    await addCollection(app.page, { connectionId: id, name: 'golden', bucket: 'golden', codec: 'dataknobs' });
    const place = { connectionId: id, name: 'foreign', bucket: 'foreign', prefix: 'records/' };
    await addCollection(app.page, { ...place, codec: 'dataknobs' });
  });
  afterAll(() => app.close());

  test('counts every record of every release', async () => {
    await app.page.getByRole('treeitem', { name: /^golden/ }).click();
    await app.page.getByText(`${golden.length} of ${golden.length}`, { exact: true }).waitFor();
    expect(await app.page.getByText('no record').count()).toBe(0);
  });

  test('shows objects that are no records as rows, says why and how many there are', async () => {
    const { page } = app;
    await page.getByRole('treeitem', { name: /^foreign/ }).click();
    await page.getByText(`${foreignRecords.length} of ${foreignRecords.length}`, { exact: true }).waitFor();
    await page.getByText(`${NO_RECORDS.length} objects are unreadable`).waitFor();
    const row = page.getByRole('row', { name: /^\s*array\b/ });
    expect(await row.innerText()).toContain('The body is a list; a record is a JSON object.');
    await row.dblclick();
    const inspector = page.getByRole('complementary', { name: /^Record array/ });
    await inspector.getByText('The body is a list; a record is a JSON object.').first().waitFor();
  });
});

/** Lines of NDJSON by key, with every digit. */
function rowsOf({ stdout }: Outcome): ReadonlyMap<string, JsonNode> {
  return new Map(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => {
        const row = readJson(line);
        const key = findNode(row, ['key']);
        if (key?.kind !== 'string') throw new Error(`a line without a key: ${line}`);
        return [key.value, row];
      }),
  );
}

/** JSON has no NaN and no infinities: they are strings on the command line. */
function inNdjson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inNdjson);
  if (typeof value !== 'object' || value === null) return value;
  if ('number' in value && typeof value.number === 'string' && /^-?(NaN|Infinity)$/.test(value.number))
    return value.number;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inNdjson(inner)]));
}
