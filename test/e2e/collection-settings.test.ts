import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { callAsPage } from './support/contract.ts';
import { sandboxClient } from './support/sandbox-client.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('settings of a collection in $name', ({ open }) => {
  test('decide key, class and encryption of a new record, as another client sees it', async () => {
    dipper = await open();
    const { page, dataFolder } = dipper;
    await page.getByRole('grid').waitFor();
    await page.getByRole('treeitem', { name: /Open a bucket/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Open a bucket or prefix' });
    await dialog.getByRole('combobox', { name: 'Bucket' }).fill('samples');
    await page.getByRole('option', { name: 'samples' }).click();
    await dialog.getByRole('textbox', { name: 'Prefix' }).fill('sealed');
    await dialog.getByRole('button', { name: 'More settings' }).click();

    const key = dialog.getByRole('textbox', { name: 'Key of a new record' });
    await key.fill('{date}/{id}.json');
    await dialog.getByText('{date} is not filled in: {id} is the only placeholder.').waitFor();
    await key.fill('in/{id}.json');
    await dialog
      .getByText(/saved as s3:\/\/samples\/sealed\/in\/[0-9a-f-]{36}\.json and listed as in\/[0-9a-f-]{36}$/)
      .waitFor();
    await choose(page, dialog, 'Class of new objects', /^Deep Archive/);
    await dialog.getByText('cannot be read before it was restored').waitFor();
    await choose(page, dialog, 'Class of new objects', /^Glacier IR/);
    await choose(page, dialog, 'Encryption', / SSE-KMS$/);
    await dialog.getByRole('textbox', { name: 'KMS key' }).fill('alias/records');
    await dialog.getByRole('checkbox', { name: /Use a bucket key/ }).click();
    await dialog.getByRole('button', { name: 'Open collection' }).click();
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('heading', { name: 'sealed has no records' }).waitFor();
    await page.keyboard.press('Alt+n');
    const record = page.getByRole('dialog', { name: 'New record' });
    await record.getByRole('textbox', { name: 'id', exact: true }).fill('first');
    await record.getByRole('textbox', { name: 'Fields of the new record' }).waitFor();
    await record.getByRole('button', { name: 'Create record' }).click();
    await record.waitFor({ state: 'detached' });

    const s3 = await sandboxClient(dataFolder);
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'samples', Key: 'sealed/in/first.json' }));
    expect([head.StorageClass, head.ServerSideEncryption, head.SSEKMSKeyId, head.BucketKeyEnabled]).toEqual([
      'GLACIER_IR',
      'aws:kms',
      'alias/records',
      true,
    ]);

    // Escape in a field whose list is closed gives up the dialog, and takes nothing away before.
    await page.getByRole('treeitem', { name: /^sealed/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Edit the collection' }).click();
    const settings = page.getByRole('dialog', { name: 'Collection settings' });
    await settings.getByRole('combobox', { name: 'Bucket' }).press('Escape');
    await settings.waitFor({ state: 'detached' });
  });

  test('say what the index takes, beside the cap that all indexes have together', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByRole('treeitem', { name: /^movies/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Edit the collection' }).click();
    const ofCollection = page.getByRole('dialog', { name: 'Collection settings' });
    await ofCollection.getByText(/^It takes \d+\.\d MB of the disk\.$/).waitFor();
    await page.keyboard.press('Escape');
    await ofCollection.waitFor({ state: 'detached' });

    await page.keyboard.press('ControlOrMeta+,');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByText(/^2 indexes on this disk, \d+\.\d MB together\./).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    const cap = settings.getByRole('textbox', { name: 'Cap of all indexes' });
    expect(await cap.inputValue()).toBe('10');
    await cap.fill('ten');
    await settings.getByText(/^A number of gigabytes/).waitFor();
    await cap.fill('2.5');
    await settings.getByRole('textbox', { name: 'Undo of jobs' }).fill('90');
    await settings.getByRole('radio', { name: 'Dark' }).click();
    await settings.getByRole('button', { name: 'Save settings' }).click();
    await settings.waitFor({ state: 'detached' });
    await page.locator('html[data-theme="dark"]').waitFor();
    expect(await callAsPage(page, 'settings:read', {})).toMatchObject({
      mostIndexBytes: 2.5 * 1024 ** 3,
      journalDays: 90,
      mostJournalBytes: 5 * 1024 ** 3,
    });
  });
});

async function choose(page: Page, dialog: Locator, name: string, option: RegExp): Promise<void> {
  await dialog.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option }).click();
}
