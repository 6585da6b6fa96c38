import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../electron/engine/s3/s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, addConnection } from './support/contract.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

/** Read in five ranges. */
const LARGE = randomBytes(40 * 1024 * 1024);
/** Small as stored, more than 64 MB of text. */
const SWOLLEN = gzipSync(`{"text": "${' '.repeat(65 * 1024 * 1024)}"}`);

let server: TestSandbox;
let client: S3Client;
/** Downloads lie in its folder Downloads. */
let home: string;
let dipper: OpenDipper | null = null;

beforeEach(async () => {
  server = await startTestSandbox({ buckets: ['records'] });
  client = createS3Client(targetOf(server));
  home = await mkdtemp(join(tmpdir(), 'dipper-home-'));
  await client.putObject('records', 'notes/large.json', LARGE, {});
  await client.putObject('records', 'notes/swollen.json', SWOLLEN, { headers: { contentEncoding: 'gzip' } });
});

afterEach(async () => {
  await dipper?.close();
  await client.close();
  await server.stop();
  await rm(home, { recursive: true, force: true });
  dipper = null;
});

async function openRecord(page: Page, id: string): Promise<void> {
  await page.getByRole('gridcell', { name: id, exact: true }).click();
  await page.keyboard.press('Enter');
}

describe.each(SHELLS.filter(({ available }) => available))('in $name', ({ name, open }) => {
  test('an object that is too large to be shown is downloaded, stopped, and downloaded again beside the first', async () => {
    // Of the desktop's own settings nothing is asked: where the home folder is says enough.
    dipper = await open({ environment: { HOME: home, XDG_CONFIG_HOME: join(home, '.config') } });
    const { page } = dipper;
    const connection = await addConnection(page, 'Notes', server);
    await addCollection(page, { connectionId: connection.id, name: 'notes', bucket: 'records', prefix: 'notes/' });
    await page.getByRole('treeitem', { name: /^notes/ }).click();
    const ofLarge = { operation: 'GetObject', key: 'notes/large' };
    server.faults.set([
      // What a read into memory is refused with; then a range that takes as long as it takes to be told of, and others
      // that never come.
      { ...ofLarge, times: 1, fault: { kind: 'answer', status: 400, code: 'EntityTooLarge' } },
      { ...ofLarge, skip: 1, times: 1, fault: { kind: 'delay', milliseconds: 500 } },
      { ...ofLarge, skip: 2, fault: { kind: 'delay', milliseconds: 600_000 } },
    ]);
    await openRecord(page, 'large');
    const inspector = page.getByRole('complementary', { name: /^Record/ });
    await inspector.getByText('This object is too large to open').waitFor();
    await inspector.getByRole('button', { name: 'Download' }).click();
    await inspector.getByText('Downloading: 8.0 MB of 40.0 MB').waitFor();
    const bar = page.getByRole('contentinfo', { name: 'Jobs' });
    await bar.getByText('8.0 MB of 40.0 MB').waitFor();
    if (name === 'browser') expect(await seriousFindings(page)).toEqual([]);
    await bar.getByRole('button', { name: 'Stop the download of large.json' }).click();
    await bar.getByText('No jobs running').waitFor();
    const downloads = join(home, 'Downloads');
    await expect.poll(() => readdir(downloads)).toEqual([]);

    server.faults.set([]);
    const first = join(downloads, 'large.json');
    await inspector.getByRole('button', { name: 'Download' }).click();
    await bar.getByText(`large.json saved as ${first}`).waitFor();
    await inspector.getByText(first, { exact: true }).waitFor();
    expect(LARGE.equals(await readFile(first))).toBe(true);

    await inspector.getByRole('button', { name: 'More for this record' }).click();
    await page.getByRole('menuitem', { name: 'Download the object' }).click();
    const second = join(downloads, 'large (2).json');
    await inspector.getByText(second, { exact: true }).waitFor();
    expect(LARGE.equals(await readFile(second))).toBe(true);

    await openRecord(page, 'swollen');
    await inspector.getByText(/It is shown by its bytes/).waitFor();
    await inspector.getByRole('button', { name: 'Download' }).click();
    await inspector.getByText(join(downloads, 'swollen.json'), { exact: true }).waitFor();
    expect(SWOLLEN.equals(await readFile(join(downloads, 'swollen.json')))).toBe(true);
    if (name === 'browser') expect(await seriousFindings(page)).toEqual([]);
  });
});
