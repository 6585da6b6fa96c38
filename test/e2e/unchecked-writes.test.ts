import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../electron/engine/s3/s3-client.ts';
import { startCarelessServer } from '../integration/s3/careless-server.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, addConnection } from './support/contract.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

const WRITES = /^This server does not check conditions when it writes: Dipper looks at an object right before/;
const DELETES = /^This server does not check conditions when it deletes: Dipper looks at an object right before/;

let server: TestSandbox;
let careless: Awaited<ReturnType<typeof startCarelessServer>>;
let client: S3Client;
let dipper: OpenDipper | null = null;

beforeEach(async () => {
  server = await startTestSandbox({ buckets: ['records'] });
  careless = await startCarelessServer(server);
  client = createS3Client(targetOf(server));
  for (const name of ['a', 'b', 'c'])
    await client.putObject('records', `${name}.json`, Buffer.from('{"state": "new"}'), {});
});

afterEach(async () => {
  await dipper?.close();
  await client.close();
  await careless.stop();
  await server.stop();
  dipper = null;
});

async function namesInBucket(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of client.listAllObjects('records', {})) names.push(...page.objects.map(({ key }) => key));
  return names;
}

async function openRecords(page: Page, endpoint: string): Promise<void> {
  const connection = await addConnection(page, 'Records', { ...server, endpoint });
  await addCollection(page, { connectionId: connection.id, name: 'records', bucket: 'records' });
  await page.getByRole('treeitem', { name: /^records/ }).click();
  await page.getByRole('gridcell', { name: 'a', exact: true }).click();
  await page.keyboard.press('Enter');
}

/** Types into the value of a field; nothing is saved. */
async function editState(page: Page): Promise<void> {
  const inspector = page.getByRole('complementary', { name: /^Record/ });
  await inspector
    .getByRole('treeitem', { name: /\bstate\b/ })
    .first()
    .dblclick();
  await page.getByRole('textbox', { name: 'Value of state' }).fill('mine');
  await page.keyboard.press('Enter');
  await inspector.getByRole('button', { name: /^Save 1 change/ }).waitFor();
}

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('in the $name', ({ open }) => {
  test('where a server does not check conditions that is said before a save, a deletion and a job', async () => {
    dipper = await open();
    const { page } = dipper;
    await openRecords(page, careless.endpoint);
    await editState(page);
    const inspector = page.getByRole('complementary', { name: /^Record/ });
    await inspector.getByText(WRITES).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    // Whatever the server was tried out with is gone, and the record is as it was.
    expect(await namesInBucket()).toEqual(['a.json', 'b.json', 'c.json']);

    const cell = page.getByRole('gridcell', { name: 'b', exact: true });
    await cell.click();
    await page.keyboard.press('Delete');
    const one = page.getByRole('alertdialog', { name: 'Delete record' });
    await one.getByText(DELETES).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await one.getByRole('button', { name: 'Cancel' }).click();

    await cell.click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Delete');
    const many = page.getByRole('alertdialog', { name: 'Delete records' });
    await many.getByText(DELETES).waitFor();
    await many.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('gridcell', { name: 'c', exact: true }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Change the selected records' }).click();
    const set = page.getByRole('alertdialog', { name: 'Change records' });
    await set.getByText(WRITES).waitFor();
    await set.getByRole('button', { name: 'Cancel' }).click();

    await page.keyboard.press('Alt+n');
    await page.getByRole('dialog', { name: 'New record' }).getByText(WRITES).waitFor();
  });

  test('where it does check them nothing is said', async () => {
    dipper = await open();
    const { page } = dipper;
    await openRecords(page, server.endpoint);
    const answered = page.waitForResponse(
      (response) => response.request().postData()?.includes('record:weaker-writes') === true,
    );
    await editState(page);
    expect(await (await answered).json()).toMatchObject({ value: { create: null, update: null, delete: null } });
    expect(await page.getByText(/does not check conditions/).count()).toBe(0);
  });
});
