import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startAwsStandIn } from '../integration/support/aws-stand-in.ts';
import { startTestSandbox } from '../integration/support/sandbox.ts';
import { writeTenProfiles } from '../integration/support/ten-profiles.ts';
import { callAsPage } from './support/contract.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS } from './support/shells.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('profiles in $name', (shell) => {
  test('are found and seen as what they are; one is signed in to in the browser, one with a code', async () => {
    const sandbox = await startTestSandbox({ buckets: ['films'], sessionToken: 'token' });
    cleanUps.push(() => sandbox.stop());
    const standIn = await startAwsStandIn(sandbox);
    cleanUps.push(() => standIn.close());
    const home = await mkdtemp(join(tmpdir(), 'dipper-home-'));
    cleanUps.push(() => rm(home, { recursive: true }));
    await writeTenProfiles(home, { ...sandbox, s3: sandbox.endpoint, standIn: standIn.endpoint });
    const environment = { HOME: home, AWS_EC2_METADATA_SERVICE_ENDPOINT: standIn.endpoint };
    const dipper = await shell.open({ environment });
    cleanUps.push(() => dipper.close());
    const { page } = dipper;

    await page.getByRole('button', { name: 'New tab' }).click();
    const found = page.getByRole('region', { name: 'Profiles found on this machine' });
    await expect.poll(() => found.getByRole('listitem').count(), { timeout: 10_000 }).toBe(11);
    expect(await found.getByRole('listitem').allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^team\s+SSO, Reader in 111122223333, .*Needs a sign-in in the browser\.$/),
        expect.stringMatching(/^circle\s+Its source_profile leads in a circle/),
      ]),
    );
    expect(await seriousFindings(page)).toEqual([]);

    await found.getByRole('button', { name: /^team/ }).click();
    const signIn = page.getByRole('dialog', { name: 'Sign in' });
    const code = await signIn.getByLabel('Code to compare').innerText();
    const opened = page.waitForEvent('popup');
    await signIn.getByRole('link', { name: 'Open the sign-in page' }).click();
    const browser = await opened;
    await browser.getByText('Signed in.').waitFor();
    expect(browser.url()).toContain(code);
    await browser.close();
    const place = page.getByRole('dialog', { name: 'Open a bucket or prefix' });
    const bucket = place.getByRole('combobox', { name: 'Bucket' });
    await bucket.fill('fil');
    await page.getByRole('option', { name: 'films' }).click();
    await place.getByRole('button', { name: 'Open collection' }).click();
    await place.waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: /films/ }).waitFor();

    await page.getByRole('banner').getByRole('button', { name: /^team/ }).click();
    await page
      .getByRole('dialog', { name: 'Connections' })
      .getByRole('button', { name: 'Add deploy', exact: true })
      .click();
    await signIn.getByRole('textbox', { name: 'Code' }).fill('000000');
    await page.keyboard.press('Enter');
    await signIn.getByText(/invalid MFA one time pass code/).waitFor();
    await signIn.getByRole('textbox', { name: 'Code' }).fill(standIn.settings.mfaCode);
    expect(await seriousFindings(page)).toEqual([]);
    await signIn.getByRole('button', { name: 'Use this code' }).click();
    await bucket.fill('fil');
    await page.getByRole('option', { name: 'films' }).waitFor();

    const made = (await callAsPage(page, 'connections:list', {})).filter(
      ({ credentials }) => credentials.source === 'profile',
    );
    expect(made.map(({ name, kind, endpoint }) => [name, kind, endpoint])).toEqual([
      ['team', 'custom', sandbox.endpoint],
      ['deploy', 'custom', sandbox.endpoint],
    ]);
  });
});
