import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError, ErrorCode } from '../../shared/result.ts';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import { createDipper } from '../integration/cli/run-dipper.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, addConnection, type S3Server } from './support/contract.ts';
import { closedPort, startWebsite } from './support/servers.ts';
import { ONE_SHELL, type OpenDipper } from './support/shells.ts';

const RECORDS = ['one', 'two'];

const REGION = 'eu-west-1';
const WRONG_SECRET = 'wrong/secret+of/the+test';
const server = await startTestSandbox({ buckets: ['records'], region: REGION });
const website = await startWebsite();
const port = await closedPort();
await addRecords(server, 'records');

interface Cause {
  readonly name: string;
  readonly code: ErrorCode;
  /** What stands in the way: what the connection or the command is given in place of what is right. */
  readonly wrong: Partial<S3Server>;
  readonly bucket?: string;
  /** What its texts name, so that one knows what to correct. */
  readonly names: readonly string[];
  /** Takes the cause away: in the dialog of the connection, or on the server, and then tries again. */
  readonly mend: (page: Page) => Promise<void>;
}

const causes: readonly Cause[] = [
  {
    name: 'an access key that the server does not know',
    code: 'unknown-access-key',
    wrong: { accessKeyId: 'nobodys-access-key' },
    names: ['access key'],
    mend: (page) => correct(page, { 'Access key': server.accessKeyId, 'Secret key': server.secretAccessKey }),
  },
  {
    name: 'a wrong secret',
    code: 'signature-mismatch',
    wrong: { secretAccessKey: WRONG_SECRET },
    names: ['secret'],
    mend: (page) => correct(page, { 'Secret key': server.secretAccessKey }),
  },
  {
    name: 'a bucket that is not there',
    code: 'no-such-bucket',
    wrong: {},
    bucket: 'not-there-yet',
    names: ['not-there-yet'],
    mend: async (page) => {
      await server.storage.createBucket('not-there-yet');
      await addRecords(server, 'not-there-yet');
      await tryAgain(page);
      await page.getByText('2 of 2', { exact: true }).waitFor();
      // The next shell is to miss it too.
      await removeRecords(server, 'not-there-yet');
      await server.storage.deleteBucket('not-there-yet');
    },
  },
  {
    name: 'a port where nobody listens',
    code: 'connection-refused',
    wrong: { endpoint: `http://127.0.0.1:${port}` },
    names: [`127.0.0.1:${port}`],
    mend: async (page) => {
      const started = await startTestSandbox({ port, buckets: ['records'], region: REGION });
      await addRecords(started, 'records');
      await tryAgain(page);
      await page.getByText('2 of 2', { exact: true }).waitFor();
      await started.stop();
    },
  },
  {
    name: 'a website in place of S3',
    code: 'not-s3',
    wrong: { endpoint: website.endpoint },
    names: [website.endpoint],
    mend: (page) => correct(page, { Endpoint: server.endpoint }),
  },
  {
    name: 'a host that has no address',
    code: 'host-not-found',
    wrong: { endpoint: 'http://nobody.invalid:9000' },
    names: ['nobody.invalid'],
    mend: (page) => correct(page, { Endpoint: server.endpoint }),
  },
];

afterAll(async () => {
  await Promise.all([server.stop(), website.stop()]);
});

describe.each(ONE_SHELL)('the page in $name', ({ open }) => {
  let dipper: OpenDipper;
  const titles: string[] = [];
  const leads: string[] = [];

  beforeAll(async () => {
    dipper = await open();
  });
  afterAll(() => dipper.close());

  test.each(causes)('says $code of $name, and goes on once it is mended', async ({ code, names, mend, ...given }) => {
    const { page } = dipper;
    const { id } = await addConnection(page, `Archive of ${code}`, { ...server, ...given.wrong });
    await addCollection(page, { connectionId: id, name: code, bucket: given.bucket ?? 'records', prefix: 'all/' });
    await page.getByRole('treeitem', { name: new RegExp(`^${code}`) }).click();

    const failure = page
      .getByRole('main')
      .getByRole('alert')
      .filter({ has: page.getByRole('heading', { level: 1 }) });
    const title = await failure.getByRole('heading', { level: 1 }).innerText();
    const lead = await failure.locator('p').first().innerText();
    const whole = await page.locator('body').innerText();
    expect(whole).toMatch(new RegExp(`error\\s+${code}`));
    for (const name of names) expect(`${title} ${lead}`.toLowerCase()).toContain(name.toLowerCase());
    expectForPeople(whole);
    titles.push(withoutPlaces(title, code));
    leads.push(withoutPlaces(lead, code));
    expect(new Set(titles).size, titles.join('\n')).toBe(titles.length);
    expect(new Set(leads).size, leads.join('\n')).toBe(leads.length);

    await mend(page);
    await page.getByText('2 of 2', { exact: true }).waitFor();
    const rows = page.getByRole('grid').getByRole('row');
    await rows.nth(2).waitFor();
    expect(await rows.count()).toBe(3);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('a wrong region that is typed in is corrected with one press, and the bucket opened', async () => {
    const { page } = dipper;
    await page.getByRole('button', { name: 'New connection' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New connection' });
    await dialog.getByRole('radio', { name: 'Other S3' }).click();
    await dialog.getByLabel('Name').fill('Typed in');
    await dialog.getByLabel('Endpoint').fill(server.endpoint);
    await dialog.getByLabel('Region').fill('ap-south-1');
    await dialog.getByLabel('Access key', { exact: true }).fill(server.accessKeyId);
    await dialog.getByLabel('Secret key').fill(server.secretAccessKey);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByRole('button', { name: `Use region ${REGION}` }).click();
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByText(/shows \d+ buckets?/).waitFor();
    await dialog.getByRole('button', { name: 'Add connection' }).click();

    const bucket = page.getByRole('dialog', { name: 'Open a bucket or prefix' });
    await bucket.getByRole('combobox', { name: 'Bucket' }).fill('records');
    await page.getByRole('option', { name: 'records', exact: true }).click();
    await bucket.getByRole('button', { name: 'Open collection' }).click();
    await page.getByText('2 of 2', { exact: true }).waitFor();
  });
});

describe('the command line', () => {
  const messages: string[] = [];

  test.each(causes)('says $code of $name, to people and to programs', async ({ code, names, wrong, bucket }) => {
    const given = { ...server, ...wrong };
    const dipper = await createDipper({
      AWS_ACCESS_KEY_ID: given.accessKeyId,
      AWS_SECRET_ACCESS_KEY: given.secretAccessKey,
    });
    // Another bucket than the page's, which may be there by now.
    const url = `s3://${bucket === undefined ? 'records' : 'never-there'}/all/`;
    const command = ['query', url, '--endpoint', given.endpoint, '--region', given.region, '--path-style'];
    try {
      const said = await dipper.run(command);
      expect(said).toMatchObject({ code: 1, stdout: '' });
      expect(said.stderr).toMatch(/^dipper: [A-Zh].*\.\n$/);
      const named = names.map((name) => (name === bucket ? 'never-there' : name));
      for (const name of named) expect(said.stderr.toLowerCase()).toContain(name.toLowerCase());
      expectForPeople(said.stderr);
      messages.push(withoutPlaces(said.stderr, code));
      expect(new Set(messages).size, messages.join('')).toBe(messages.length);

      const json = await dipper.run([...command, '--json']);
      expect(json).toMatchObject({ code: 1, stdout: '' });
      const { error }: { readonly error: AppError } = JSON.parse(json.stderr);
      expect(error).toMatchObject({ code, message: said.stderr.replace(/^dipper: |\n$/g, '') });
      expectForPeople(json.stderr);
    } finally {
      await dipper.remove();
    }
  });
});

/** Neither what a program throws, nor where, nor what must not be seen. */
function expectForPeople(text: string): void {
  expect(text).not.toMatch(/\b[A-Z][A-Za-z]*(?:Error|Exception|Failure)\b/);
  expect(text).not.toMatch(/^\s+at .+:\d+/m);
  expect(text).not.toMatch(/node_modules|undici|aws-sdk|\.[cm]?js\b|ECONN|ENOTFOUND|EAI_/);
  expect(text).not.toContain(WRONG_SECRET);
  expect(text).not.toContain(server.secretAccessKey);
}

/** What is left differs only where the words do. */
function withoutPlaces(text: string, code: ErrorCode): string {
  return text.replaceAll(`Archive of ${code}`, 'CONNECTION').replaceAll(/https?:\/\/[\w.]+(?::\d+)?/g, 'SERVER');
}

async function tryAgain(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Try again' }).last().click();
}

async function correct(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.getByRole('button', { name: 'Edit the connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit connection' });
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(value);
  await dialog.getByRole('button', { name: 'Save connection' }).click();
}

async function addRecords(target: TestSandbox, bucket: string): Promise<void> {
  const client = createS3Client(targetOf(target));
  for (const name of RECORDS) {
    await client.putObject(bucket, `all/${name}.json`, Buffer.from(JSON.stringify({ name, count: 1 })), {});
  }
  await client.close();
}

async function removeRecords(target: TestSandbox, bucket: string): Promise<void> {
  const client = createS3Client(targetOf(target));
  for (const name of RECORDS) await client.deleteObject(bucket, `all/${name}.json`, {});
  await client.close();
}
