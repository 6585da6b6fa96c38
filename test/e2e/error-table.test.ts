import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import type { AppError } from '../../shared/result.ts';
import { createDipper, type Dipper, type Outcome } from '../integration/cli/run-dipper.ts';
import { SELF_SIGNED } from '../integration/s3/self-signed.ts';
import { targetOf } from '../integration/support/sandbox.ts';
import { FAULTS, type Fault } from './error-table/faults.ts';
import { failurePage, notice, type Said } from './error-table/read-page.ts';
import { BUCKETS, PLANTED, startServers, type Servers } from './error-table/servers.ts';
import { addCollection, callAsPage, connectionTo, type S3Server } from './support/contract.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let servers: Servers;
let environment: Readonly<Record<string, string>>;
let certificateFile: string;
let folder: string;
/** All that was shown or printed, for the search for secrets. */
const seen: string[] = [];

beforeAll(async () => {
  servers = await startServers();
  environment = {
    HTTP_PROXY: servers.proxy.address.replace('://', `://ann:${PLANTED.proxyPassword}@`),
    HTTPS_PROXY: servers.closedProxy,
    NO_PROXY: 'nobody.invalid',
    DIPPER_TIMEOUT: '1',
  };
  folder = await mkdtemp(join(tmpdir(), 'dipper-errors-'));
  certificateFile = join(folder, 'authority.pem');
  await writeFile(certificateFile, SELF_SIGNED.cert);
  const client = createS3Client(targetOf(servers.sandbox));
  for (const bucket of BUCKETS) {
    await client.putObject(bucket, 'all/one.json', Buffer.from('{"name":"one","count":1}'), {});
  }
  await client.close();
});
afterAll(async () => {
  await servers.stop();
  await rm(folder, { recursive: true });
});

describe('the page', () => {
  let dipper: OpenDipper;
  beforeAll(async () => {
    const [browser] = SHELLS;
    if (browser === undefined) throw new Error('there is no shell');
    dipper = await browser.open({ environment });
  });
  afterAll(async () => {
    expect(await filesWithSecrets(dipper.dataFolder)).toEqual([]);
    await dipper.close();
  });

  test.each(FAULTS)('says of $name what failed, on what, and what to do', async (fault) => {
    const { page } = dipper;
    const given = { ...servers.sandbox, ...fault.wrong(servers) };
    const connection = connectionTo('Archive', given);
    const secret = { secretAccessKey: given.secretAccessKey, sessionToken: fault.sessionToken ?? null };
    await callAsPage(page, 'connections:save', { connection, secret });
    await addCollection(page, {
      connectionId: connection.id,
      name: fault.name,
      bucket: fault.bucket ?? 'records',
      prefix: 'all/',
    });
    await page.getByRole('treeitem', { name: fault.name }).click();
    const said = await ACTS[fault.act ?? 'list'](page);
    seen.push(await page.locator('body').innerText());
    expect(withNames(said)).toEqual(fault.page);
  });
});

describe('the command line', () => {
  const outcomes = new Map<
    string,
    Promise<{ readonly text: Outcome; readonly json: Outcome; readonly files: readonly string[] }>
  >();
  beforeAll(() => {
    // Two at a time: most of their time is the start of a process.
    let before: Promise<unknown> = Promise.resolve();
    for (const fault of FAULTS) {
      const outcome = before.then(() => runBoth(fault));
      before = outcome.catch(() => undefined);
      outcomes.set(fault.name, outcome);
    }
  });

  test.each(FAULTS)('says of $name what failed, on what, and what to do, to people and to programs', async (fault) => {
    const outcome = await outcomes.get(fault.name);
    if (outcome === undefined) throw new Error('it was not run');
    const { text, json, files } = outcome;
    seen.push(text.stderr, json.stderr);
    expect([text.code, text.stdout, json.code, json.stdout, files]).toEqual([1, '', 1, '', []]);
    expect(withNames(text.stderr)).toBe(`dipper: ${fault.command}\n`);
    const { error }: { readonly error: AppError } = JSON.parse(json.stderr);
    expect([error.code, withNames(error.message)]).toEqual([fault.code, fault.command]);
  });

  test('reads through TLS once the authority of its certificate is named', async () => {
    const dipper = await createDipper({ ...keysOf(servers.sandbox), NODE_EXTRA_CA_CERTS: certificateFile });
    const { stderr } = await dipper.run(['query', 's3://records/all/', '--endpoint', servers.secure, '--path-style']);
    await dipper.remove();
    expect(stderr).toContain('There is no bucket "records"');
  });
});

test('no secret was shown, printed or kept', () => {
  expect(seen.length).toBe(FAULTS.length * 3);
  for (const secret of secrets()) expect(seen.filter((text) => text.includes(secret))).toEqual([]);
});

/** What each act of a person leads to where it fails. */
const ACTS: Readonly<Record<NonNullable<Fault['act']>, (page: Page) => Promise<Said>>> = {
  list: (page) => failurePage(page, page.getByRole('main')),
  read: async (page) => {
    await page.getByRole('gridcell', { name: 'one', exact: true }).first().dblclick();
    return notice(page.getByRole('complementary').getByRole('alert'));
  },
  create: async (page) => {
    await page.getByRole('gridcell', { name: 'one', exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'New record' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New record' });
    await dialog.getByRole('textbox', { name: 'id' }).fill('two');
    await dialog.getByRole('button', { name: 'Create record' }).click();
    const said = await notice(dialog.getByRole('alert'));
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    return said;
  },
  save: async (page) => {
    await page.getByRole('gridcell', { name: 'one', exact: true }).first().dblclick();
    const inspector = page.getByRole('complementary');
    await inspector.getByRole('treeitem', { name: /count/ }).first().dblclick();
    await page.getByRole('textbox', { name: 'Value of count' }).fill('2');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+s');
    return notice(inspector.getByRole('alert'));
  },
};

async function runBoth(
  fault: Fault,
): Promise<{ readonly text: Outcome; readonly json: Outcome; readonly files: readonly string[] }> {
  const given = { ...servers.sandbox, ...fault.wrong(servers) };
  const dippers = await Promise.all(
    [1, 2].map(() => createDipper({ ...environment, ...keysOf(given, fault.sessionToken) })),
  );
  const [first, second] = dippers;
  if (first === undefined || second === undefined) throw new Error('there are two');
  try {
    const [text, json] = await Promise.all([runOne(first, fault, given, []), runOne(second, fault, given, ['--json'])]);
    const files = await Promise.all(dippers.map(({ dataFolder }) => filesWithSecrets(dataFolder)));
    return { text, json, files: files.flat() };
  } finally {
    await Promise.all(dippers.map((dipper) => dipper.remove()));
  }
}

function runOne(
  dipper: Dipper,
  { bucket = 'records', act = 'list' }: Fault,
  server: S3Server,
  more: readonly string[],
): Promise<Outcome> {
  const url = `s3://${bucket}/all/`;
  const place = ['--endpoint', server.endpoint, '--region', server.region, '--path-style', ...more];
  switch (act) {
    case 'list':
      return dipper.run(['query', url, ...place]);
    case 'read':
      return dipper.run(['get', url, 'one', ...place, '--codec', 'plain']);
    case 'create':
      return dipper.run(['put', url, 'two', ...place, '--codec', 'plain'], '{"name":"two"}');
    case 'save':
      return dipper.run(['set', url, 'one', 'count=2', ...place, '--codec', 'plain']);
  }
}

function keysOf({ accessKeyId, secretAccessKey }: S3Server, sessionToken = ''): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
}

/** Addresses and times differ from run to run: their names stand for them. */
function withNames(text: string): string;
function withNames(said: Said): Said;
function withNames(given: string | Said): string | Said {
  const { sandbox, gate, secure, silent, closed, closedProxy, proxy } = servers;
  const names = {
    SANDBOX: sandbox.endpoint,
    GATE: gate,
    SECURE: secure,
    SILENT: silent,
    CLOSED: closed,
    GONE: closedProxy,
    PROXY: proxy.address,
  };
  const named = (text: string): string =>
    Object.entries(names)
      .reduce((rest, [name, address]) => rest.replaceAll(address, name), text)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  if (typeof given === 'string') return named(given);
  return { title: named(given.title), message: named(given.message), remedies: given.remedies.map(named) };
}

function secrets(): readonly string[] {
  const login = Buffer.from(`ann:${PLANTED.proxyPassword}`).toString('base64');
  const { secretAccessKey } = servers.sandbox;
  return [
    secretAccessKey,
    'planted/other+secret',
    PLANTED.sessionToken,
    PLANTED.proxyPassword,
    login,
    'AWS4-HMAC-SHA256',
  ];
}

async function filesWithSecrets(dataFolder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(dataFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    if (secrets().some((secret) => content.includes(secret))) found.push(path);
  }
  return found;
}
