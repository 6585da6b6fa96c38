import { createServer } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { SELF_SIGNED } from '../integration/s3/self-signed.ts';
import { listen } from '../integration/support/listen.ts';
import { callAsPage } from './support/contract.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS } from './support/shells.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A server that vouches for itself, and has no buckets. */
async function startSecureServer(): Promise<string> {
  const server = createServer(SELF_SIGNED, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end('<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>');
  });
  const { port, close } = await listen(server);
  cleanUps.push(close);
  return `https://localhost:${port}`;
}

describe.each(SHELLS.filter(({ name }) => name === 'browser'))(
  'advanced settings of a connection in $name',
  (shell) => {
    test('name the authority that a server of one’s own is trusted by, and how it is reached', async () => {
      const endpoint = await startSecureServer();
      const dipper = await shell.open();
      cleanUps.push(() => dipper.close());
      const { page } = dipper;

      await page.getByRole('button', { name: 'New connection' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'New connection' });
      const field = (name: string) => dialog.getByRole('textbox', { name });
      await dialog.getByRole('radio', { name: 'MinIO' }).click();
      await field('Name').fill('Lab');
      await field('Endpoint').fill(endpoint);
      await dialog.getByLabel('Access key', { exact: true }).fill('key');
      await field('Secret key').fill('secret');
      await dialog.getByRole('button', { name: 'Test connection' }).click();
      await dialog.getByText('The certificate of Lab is not trusted').waitFor();

      await dialog.getByRole('button', { name: 'Advanced' }).click();
      await dialog.getByRole('radio', { name: 'Another' }).click();
      await field('Address of the proxy').fill('socks5://proxy');
      await dialog.getByRole('button', { name: 'Test connection' }).click();
      await dialog.getByText('An address begins with http:// or https://.').waitFor();
      await dialog.getByRole('radiogroup', { name: 'Proxy' }).getByRole('radio', { name: 'None' }).click();
      await dialog.getByRole('button', { name: 'Test connection' }).click();
      const chosen = dialog.getByLabel('File with certificates');
      await chosen.setInputFiles({ name: 'key.pem', mimeType: '', buffer: Buffer.from(SELF_SIGNED.key) });
      await dialog.getByText('key.pem holds no certificate in PEM form').waitFor();
      await chosen.setInputFiles({ name: 'lab.pem', mimeType: '', buffer: Buffer.from(SELF_SIGNED.cert) });
      await dialog.getByText('1 certificate', { exact: true }).waitFor();
      await dialog.getByRole('button', { name: 'Test connection' }).click();
      await dialog.getByText(/Answers in \d+ ms and shows 0 buckets\./).waitFor();
      const checks = dialog.getByRole('list', { name: 'Checks' });
      await checks.getByText(/^TLS 1\.\d, certificate valid until/).waitFor();
      expect(await checks.getByRole('listitem').allTextContents()).toContainEqual(
        expect.stringMatching(/^\d+ more.*not tried.*Write.*There is no bucket to try it in\. Name a bucket/),
      );
      await field('Bucket to test in').fill('records');
      await dialog.getByRole('button', { name: 'Test connection' }).click();
      await dialog.getByText(/^\d+ checks? failed\.$/).waitFor();
      await dialog.getByRole('button', { name: 'Add connection' }).click();
      await dialog.waitFor({ state: 'detached' });
      const [saved] = (await callAsPage(page, 'connections:list', {})).filter(({ name }) => name === 'Lab');
      expect(saved?.network).toEqual({ proxy: 'none', certificateAuthority: SELF_SIGNED.cert, unsignedBodies: false });
      if (saved === undefined) throw new Error('Lab was not saved');
      const refused = await callAsPage(page, 'connections:test', {
        draft: { ...saved, network: { proxy: 'none', certificateAuthority: '/etc/hostname', unsignedBodies: false } },
      }).catch(String);
      expect(refused).toContain('of a file is not for a page');
    });
  },
);

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('connections of a file in $name', (shell) => {
  test('are looked at before they are added, then put into an order and groups', async () => {
    const dipper = await shell.open();
    cleanUps.push(() => dipper.close());
    const { page } = dipper;
    await page.getByRole('button', { name: 'Manage connections' }).click();
    const all = page.getByRole('dialog', { name: 'Connections' });
    await all.getByRole('button', { name: 'Import connections' }).click();

    const dialog = page.getByRole('dialog', { name: 'Import connections' });
    await dialog.getByLabel('File with connections').setInputFiles({
      name: 'databases.yaml',
      mimeType: 'application/yaml',
      buffer: Buffer.from(`databases:
  - {name: films, backend: s3, bucket: films, prefix: "\${S3_PREFIX:data/}", endpoint_url: "http://127.0.0.1:9000",
     access_key_id: lab, secret_access_key: "\${LAB_SECRET}"}
  - {name: people, backend: s3, bucket: people, max_workers: 4}
  - {name: typo, backend: s3, bukcet: b}
`),
    });
    await dialog.getByText('The variable LAB_SECRET is not set').waitFor();
    await dialog.getByText(/"bukcet" \(Did you mean bucket\?\)/).waitFor();
    await dialog.getByLabel('LAB_SECRET').fill('planted-secret');
    await dialog.getByText('s3://films/data/').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('radio', { name: 'production' }).click();
    await dialog.getByRole('button', { name: 'Add 2 connections and 2 collections' }).click();
    const done = page.getByRole('dialog', { name: 'Connections imported' });
    expect(await done.textContent()).not.toContain('planted-secret');
    await done.getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('button', { name: 'Manage connections' }).click();
    const films = all.getByRole('button', { name: /^films production/ });
    await all.getByRole('button', { name: 'What to do with films' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate the connection' }).click();
    await all.getByRole('button', { name: /^films copy/ }).waitFor();
    await films.press('Alt+ArrowUp');
    await all.getByText('films is now 1 of 4').waitFor();
    expect(await films.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await films.press('Enter');
    const edit = page.getByRole('dialog', { name: 'Edit connection' });
    await edit.getByRole('combobox', { name: 'Group' }).fill('Lab');
    await page.getByRole('option', { name: /^Lab/ }).click();
    await edit.getByRole('button', { name: 'Save connection' }).click();
    await edit.waitFor({ state: 'detached' });
    const kept = await callAsPage(page, 'connections:list', {});
    expect(kept.map(({ name, group, environment }) => [name, group, environment])).toEqual([
      ['films', 'Lab', 'production'],
      ['Sandbox', undefined, 'development'],
      ['films copy', undefined, 'production'],
      ['people', undefined, 'production'],
    ]);
    await page.getByRole('treeitem', { name: 'Lab', exact: true, level: 1 }).waitFor();

    // By the pointer: given up with Escape it stays, below the last of a group it is in the group.
    await page.getByRole('button', { name: 'Manage connections' }).click();
    const order = all.getByRole('list', { name: 'Connections, in their order' }).getByRole('listitem');
    const grip = order.filter({ hasText: /^people/ }).locator('[title^="Drag to another place"]');
    const lineOf = () => order.evaluateAll((rows) => rows.map((row) => row.textContent.replace(/(prod|dev).*$/, '')));
    const before = ['Sandbox', 'films copy', 'people', 'Lab', 'films'];
    await expect.poll(lineOf).toEqual(before);
    const dropLine = all.locator('[aria-hidden="true"][style*="top"]');
    const pickUp = async () => {
      const [from, last] = await Promise.all([grip.boundingBox(), order.last().boundingBox()]);
      if (from === null || last === null) throw new Error('nothing to drag is seen');
      await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
      await page.mouse.down();
      await page.mouse.move(last.x + 40, last.y + last.height - 4, { steps: 5 });
      await dropLine.waitFor();
    };
    await pickUp();
    await page.keyboard.press('Escape');
    await dropLine.waitFor({ state: 'detached' });
    await page.mouse.up();
    expect(await lineOf()).toEqual(before);
    await pickUp();
    await page.mouse.up();
    await expect.poll(lineOf).toEqual(['Sandbox', 'films copy', 'Lab', 'films', 'people']);
    // The page shows it before it is kept.
    const keptOrder = async () => {
      const arranged = await callAsPage(page, 'connections:list', {});
      return arranged.map(({ name, group }) => (group === undefined ? name : `${name} in ${group}`));
    };
    await expect.poll(keptOrder).toEqual(['Sandbox', 'films copy', 'films in Lab', 'people in Lab']);
    await all.getByRole('button', { name: 'Close' }).last().click();

    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Sandbox/ })
      .click();
    const switcher = page.getByRole('dialog', { name: 'Connections' });
    const rows = switcher.getByRole('list', { name: 'Connections' }).getByRole('listitem');
    await expect
      .poll(() => rows.evaluateAll((items) => items.map((item) => item.textContent.replace(/(prod|dev).*$/, ''))))
      .toEqual(['Sandbox', 'films copy', 'Lab', 'films', 'people']);
    await switcher.getByRole('textbox', { name: 'Find a connection' }).fill('lab');
    await expect.poll(() => rows.count()).toBe(3);
    expect(await seriousFindings(page)).toEqual([]);
  });
});
