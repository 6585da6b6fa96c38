import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

export interface Look {
  /** The part of the page that is looked at; default: all of it. */
  readonly within?: string;
  /** Nothing but this rule. */
  readonly rule?: string;
}

/** What axe finds in the page as it stands that keeps somebody out: the rule, its place and why. */
export async function seriousFindings(page: Page, { within, rule }: Look = {}): Promise<readonly string[]> {
  // Its half megabyte, which it would send twice for each look, is there once a page.
  const isThere = await page.evaluate(() => 'axe' in window);
  const axe = new AxeBuilder({ page, ...(isThere ? { axeSource: 'true' } : {}) })
    // There are no frames, so that axe's quicker way will do.
    .setLegacyMode(true)
    // Nor does any rule that is asked want the text of style sheets.
    .options({ resultTypes: ['violations'], preload: false })
    // Base UI's marks at the ends of a floating list: they pass the focus on at once and hold nothing.
    .exclude('[data-base-ui-focus-guard]');
  if (within !== undefined) axe.include(within);
  if (rule !== undefined) axe.withRules([rule]);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`));
}
