import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectionKind } from '../../shared/connection.ts';
import { startTestSandbox, type TestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, callAsPage, connectionTo } from './support/contract.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let localStack: TestSandbox;
let minio: TestSandbox;
let dipper: OpenDipper | null = null;

beforeEach(async () => {
  localStack = await startTestSandbox({ buckets: ['records'] });
  minio = await startTestSandbox({ buckets: ['records'] });
});

afterEach(async () => {
  await dipper?.close();
  await localStack.stop();
  await minio.stop();
  dipper = null;
});

async function connect(page: Page, name: string, kind: ConnectionKind, server: TestSandbox): Promise<string> {
  const connection = { ...connectionTo(name, server), kind };
  const secret = { secretAccessKey: server.secretAccessKey, sessionToken: null };
  return (await callAsPage(page, 'connections:save', { connection, secret })).id;
}

test('one goes from LocalStack to MinIO by two keys, sees which records differ, and takes some to the Sandbox', async () => {
  const shell = SHELLS.find(({ name }) => name === 'browser');
  if (shell === undefined) throw new Error('there is no browser host');
  dipper = await shell.open();
  const { page } = dipper;
  const put = (collection: string, n: number, state: string): Promise<unknown> =>
    callAsPage(page, 'record:create', { collection, id: `note-${n}`, record: JSON.stringify({ n, state }) });
  const connectionId = await connect(page, 'LocalStack', 'localstack', localStack);
  const other = await connect(page, 'MinIO', 'minio', minio);
  const place = { name: 'notes', bucket: 'records', prefix: 'notes/' };
  const here = await addCollection(page, { connectionId, ...place });
  const there = await addCollection(page, { connectionId: other, ...place });
  for (const n of [0, 1, 2, 3, 4, 5]) await put(here.id, n, 'same');
  for (const n of [0, 1, 2, 3, 6]) await put(there.id, n, n < 2 ? 'same' : 'other');
  // It is found there without having been opened there.
  await callAsPage(page, 'collections:remove', { collection: there.id });

  const notes = page.getByRole('treeitem', { name: /^notes/ });
  // The one that was removed leaves the tree a moment later.
  await expect.poll(() => notes.count()).toBe(1);
  await notes.click();
  await page.getByRole('gridcell', { name: 'note-5', exact: true }).waitFor();
  await page.keyboard.press('Alt+3');
  await page.getByRole('gridcell', { name: 'note-6', exact: true }).waitFor();
  await page.getByText('Beside LocalStack: 1 only here, 2 changed, 2 only there, 2 the same').waitFor();
  // What its plan said at least: a page of each listing, and both bodies of what differs.
  await page.getByText('2 LIST, 4 GET').waitFor();
  await page.keyboard.press('Alt+2');
  await page.getByText('Beside MinIO: 2 only here, 2 changed, 1 only there, 2 the same').waitFor();
  expect(await page.getByRole('tab', { name: /^notes/ }).allInnerTexts()).toEqual([
    expect.stringMatching(/^notes\s+LocalStack$/),
    expect.stringMatching(/^notes\s+MinIO$/),
  ]);

  await page.getByRole('button', { name: 'Show what differs' }).click();
  const differing = page.getByRole('alertdialog', { name: 'Compare and promote' });
  await differing.getByRole('checkbox', { name: '2 changed' }).waitFor();
  await differing.getByRole('region', { name: 'The record there, before and after' }).getByText('"other"').waitFor();
  await differing.getByRole('button', { name: 'The other way round' }).click();
  await differing.getByRole('checkbox', { name: '1 new' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: /^LocalStack/ }).click();
  const switcher = page.getByRole('dialog', { name: 'Connections' });
  const rows = switcher.getByRole('list', { name: 'Connections' }).getByRole('listitem');
  await rows.filter({ hasText: /MinIO.*\d ms/s }).waitFor();
  await minio.stop();
  await rows.filter({ hasText: /MinIO.*no answer/s }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  minio = await startTestSandbox();
  // Its bucket is not there: what the Sandbox has is shown, and why.
  await switcher.getByRole('button', { name: 'Switch to Sandbox' }).click();
  await page.getByText('Sandbox has nothing below s3://records/notes/').waitFor();

  await notes.first().click();
  await page.getByRole('gridcell', { name: 'note-5', exact: true }).waitFor();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('>Show on another connection');
  await page.keyboard.press('Enter');
  const elsewhere = page.getByRole('dialog', { name: 'Show on another connection' });
  await elsewhere.getByText('Sandbox has no bucket records.').waitFor();
  await elsewhere.getByRole('radio', { name: 'The first records' }).click();
  await elsewhere.getByRole('textbox', { name: 'How many' }).fill('2');
  expect(await seriousFindings(page)).toEqual([]);
  await elsewhere.getByRole('button', { name: 'Create bucket records and open it, then copy' }).click();
  await page.getByRole('button', { name: 'Copy 2 records' }).click();
  await page.getByRole('contentinfo', { name: 'Jobs' }).getByText('2 copied').waitFor();
  await page.getByText('Beside LocalStack: 4 only there, 2 the same').waitFor();
  await page.getByRole('main').getByText('2 of 2', { exact: true }).waitFor();
});
