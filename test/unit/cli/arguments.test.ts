import { describe, expect, test } from 'vitest';
import { editOf, parseAssignment } from '../../../electron/cli/assignment.ts';
import { chooseTarget } from '../../../electron/cli/global-options.ts';
import { mergeQuery, parseCount, parseSelect, parseSort } from '../../../electron/cli/query-text.ts';
import { parseS3Url } from '../../../electron/cli/s3-url.ts';

describe('an address', () => {
  test.each([
    ['s3://bucket', { bucket: 'bucket', prefix: '' }],
    ['s3://bucket/', { bucket: 'bucket', prefix: '' }],
    ['s3://bucket/a//b?c%20d#/', { bucket: 'bucket', prefix: 'a//b?c%20d#/' }],
  ])('%s is taken as it is', (text, url) => {
    expect(parseS3Url(text)).toEqual(url);
  });

  test.each(['bucket/prefix', 's3:/bucket', 's3:///prefix', 'https://bucket/'])('%s is refused', (text) => {
    expect(() => parseS3Url(text)).toThrow('Write it like s3://bucket/prefix/.');
  });
});

describe('a query file', () => {
  const file =
    '{"where": {"field": "n", "operator": "=", "value": 9007199254740993.0}, "limit": 10, "sort": [{"field": "a"}]}';

  test('keeps its digits, and options stand over its members', () => {
    expect(
      mergeQuery(file, { limit: 5, offset: null, sort: parseSort('rating, -title'), select: parseSelect('a,b.c') }),
    ).toBe(
      '{"where":{"field": "n", "operator": "=", "value": 9007199254740993.0},"limit":5,"sort":[{"field":"rating","direction":"asc"},{"field":"title","direction":"desc"}],"select":["a","b.c"]}',
    );
    expect(mergeQuery(file, { limit: null, offset: null })).not.toContain('limit');
    expect(mergeQuery(null, {})).toBe('{}');
  });

  test('that is broken says where', () => {
    expect(() => mergeQuery('{"limit": 10,\n}', {})).toThrow(/^The query is no JSON: line \d, column \d+: .+/);
    expect(() => mergeQuery('[1]', {})).toThrow('has to be a JSON object');
  });

  test.each(['-1', '1.5', 'ten', '', '1e3'])('--limit %s is refused', (text) => {
    expect(() => parseCount(text, '--limit')).toThrow(`--limit takes a whole number from 0, not "${text}".`);
  });
});

describe('a change', () => {
  const record = {
    id: 'r',
    form: 'dataknobs-2' as const,
    fields: [
      { name: 'address', text: '{"city":"Bern"}' },
      { name: 'q.r', text: '1' },
    ],
  };

  test.each([
    ['rating=8.50', { part: 'fields', path: ['rating'], text: '8.50' }],
    ['address.city="Basel"', { part: 'fields', path: ['address', 'city'], text: '"Basel"' }],
    ['q.r= [1, 2] ', { part: 'fields', path: ['q.r'], text: '[1, 2]' }],
    ['fields.id="x"', { part: 'fields', path: ['id'], text: '"x"' }],
    ['metadata.source=null', { part: 'metadata', path: ['source'], text: 'null' }],
    ['"a=b"=true', { part: 'fields', path: ['a=b'], text: 'true' }],
    ['n=9007199254740993', { part: 'fields', path: ['n'], text: '9007199254740993' }],
  ])('%s goes where a query would look', (argument, edit) => {
    expect(editOf(record, parseAssignment(argument))).toEqual(edit);
  });

  test.each([
    ['title=Casablanca', `Text needs its quotes: title='"Casablanca"'.`],
    ['title', '"title" is no change.'],
    ['=1', '"=1" is no change.'],
    ['a={', 'The value of "a" is no JSON'],
    ['a=@', '(column 1): "@" is no JSON value.'],
    ['a=x', `"x" is no JSON value. Text needs its quotes: a='"x"'.`],
  ])('%s is refused with what to write', (argument, message) => {
    expect(() => parseAssignment(argument)).toThrow(message);
  });

  test('below a field that is not there is refused', () => {
    expect(() => editOf(record, parseAssignment('size.width=1'))).toThrow('"r" has no field "size"');
  });
});

const profiles = () => Promise.resolve({ profiles: [] });
const none = { connections: () => Promise.resolve([]), profiles };
const list = {
  profiles,
  connections: () =>
    Promise.resolve([
      { id: '1', name: 'Warehouse', credentials: { source: 'sandbox' } as const },
      { id: '2', name: 'Twin', credentials: { source: 'sandbox' } as const },
      { id: '3', name: 'Twin', credentials: { source: 'sandbox' } as const },
    ]),
};

const listEnvironment = {
  profiles,
  connections: () => Promise.resolve([{ id: '1', name: 'Shared', credentials: { source: 'environment' } as const }]),
};

describe('where records are read', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  test('is AWS from the environment, any server from options, and options before variables', async () => {
    const secret = { secretAccessKey: 'secret', sessionToken: null };
    expect(await chooseTarget({}, keys, none)).toEqual({
      endpoint: null,
      region: 'us-east-1',
      pathStyle: false,
      accessKeyId: 'id',
      secret,
    });
    const environment = {
      ...keys,
      AWS_ENDPOINT_URL: 'http://a',
      AWS_ENDPOINT_URL_S3: 'http://b',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_SESSION_TOKEN: 't',
    };
    expect(await chooseTarget({}, environment, none)).toEqual({
      endpoint: 'http://b',
      region: 'eu-west-1',
      pathStyle: false,
      accessKeyId: 'id',
      secret: { ...secret, sessionToken: 't' },
    });
    expect(await chooseTarget({ endpoint: 'http://c', region: 'r', pathStyle: true }, environment, none)).toMatchObject(
      {
        endpoint: 'http://c',
        region: 'r',
        pathStyle: true,
      },
    );
  });

  test('is reached and asked as options say, with keys or without', async () => {
    const other = { accelerate: true, dualStack: true, requesterPays: true };
    const ways = { amazon: { accelerate: true, dualStack: true, fips: false }, requesterPays: true };
    expect(await chooseTarget(other, keys, none)).toMatchObject({ accessKeyId: 'id', endpoint: null, ...ways });
    expect(await chooseTarget({ ...other, anonymous: true }, keys, none)).toEqual({
      anonymous: true,
      endpoint: null,
      region: 'us-east-1',
      pathStyle: false,
      ...ways,
    });
    expect(await chooseTarget({ profile: 'team', pathStyle: false, fips: true }, {}, none)).toMatchObject({
      profile: 'team',
      pathStyle: false,
      amazon: { accelerate: false, dualStack: false, fips: true },
    });
    const refused = [
      { accelerate: true, fips: true },
      { dualStack: true, endpoint: 'http://c' },
      { anonymous: true, profile: 'team' },
      { anonymous: true, connection: 'Warehouse' },
      { fips: true, connection: 'Warehouse' },
      { pathStyle: false, connection: 'Warehouse' },
    ];
    for (const options of refused) {
      await expect(chooseTarget(options, keys, list)).rejects.toThrow(/Leave (one|them|the others) out/);
    }
  });

  test('is a connection by its name, which no endpoint may stand beside', async () => {
    expect(await chooseTarget({ connection: 'Warehouse' }, {}, list)).toEqual({ connection: '1' });
    expect(await chooseTarget({ connection: '3' }, {}, list)).toEqual({ connection: '3' });
    await expect(chooseTarget({ connection: 'Twin' }, {}, list)).rejects.toThrow('Use the id of one: 2, 3.');
    await expect(chooseTarget({ connection: 'X' }, {}, list)).rejects.toThrow('There is no connection "X".');
    await expect(chooseTarget({ connection: 'Twin', region: 'r' }, {}, list)).rejects.toThrow('Leave the others out.');
  });

  test('is read with the keys of this command where a connection takes its keys from the environment', async () => {
    const options = { connection: 'Shared' };
    const environment = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
    expect(await chooseTarget(options, environment, listEnvironment)).toEqual({
      connection: '1',
      credentials: { accessKeyId: 'id', secret: { secretAccessKey: 'secret', sessionToken: 'token' } },
    });
    await expect(chooseTarget(options, {}, listEnvironment)).rejects.toThrow('takes its keys from the environment');
  });

  test('is a profile that an option names before keys, and variables or the files after them', async () => {
    const byProfile = { endpoint: null, region: null, pathStyle: null, files: { config: null, credentials: null } };
    expect(await chooseTarget({ profile: 'team' }, keys, none)).toEqual({ ...byProfile, profile: 'team' });
    expect(await chooseTarget({ region: 'eu-west-1' }, { AWS_PROFILE: 'team' }, none)).toEqual({
      ...byProfile,
      region: 'eu-west-1',
      profile: 'team',
    });
    expect(await chooseTarget({}, { ...keys, AWS_PROFILE: 'team' }, none)).toMatchObject({ accessKeyId: 'id' });
    const profile = { name: 'default', kind: 'keys', description: '', problem: null, signIn: null } as const;
    const place = { region: null, endpoint: null, pathStyle: null };
    const withDefault = { ...none, profiles: () => Promise.resolve({ profiles: [{ ...profile, ...place }] }) };
    expect(await chooseTarget({}, { AWS_CONFIG_FILE: '/here' }, withDefault)).toEqual({
      ...byProfile,
      profile: 'default',
      files: { config: '/here', credentials: null },
    });
    await expect(chooseTarget({ profile: 'team', connection: 'Warehouse' }, {}, list)).rejects.toThrow(
      'Leave one out.',
    );
  });

  test('needs credentials', async () => {
    await expect(chooseTarget({}, { AWS_ACCESS_KEY_ID: 'id' }, none)).rejects.toThrow('There are no credentials.');
  });
});
