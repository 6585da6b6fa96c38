import type { AskedQuery } from '../../shared/contract.ts';
import type { OpenedQuery, RecordCount } from '../../shared/page.ts';
import { pricesText, secondsText, sourceText, workText } from '../../shared/plan-text.ts';
import { type Plan, totalOf } from '../../shared/plan.ts';
import { AppFailure } from '../../shared/result.ts';
import { textTable } from './text-table.ts';
import { orStopped, type CommandContext, type OpenCollection } from './session.ts';
import { UsageError } from './usage-error.ts';

export const SPEND = ['--yes', 'run it also beyond the budget, and read as many tags as it takes'] as const;

export interface SpendOptions {
  readonly yes?: boolean;
}

/** Opens a query. What would cost more than is allowed unasked is wrong usage without `--yes`, and says what it takes. */
export async function openWithin(
  { caller, collection, signal }: OpenCollection,
  asked: Omit<AskedQuery, 'collection'>,
  { yes }: SpendOptions,
  stopped: string,
): Promise<OpenedQuery> {
  const run = { collection, ...asked };
  const spending = yes === true ? 'anything' : 'within-budget';
  return await allowed(orStopped(caller.call('query:open', { ...run, spending }, signal), signal, stopped), async () =>
    workText(await caller.call('query:plan', run, signal)),
  );
}

/** Counts what a query finds; the same holds of its cost. */
export async function countWithin(
  { caller, collection, signal }: OpenCollection,
  asked: Omit<AskedQuery, 'collection'>,
  { yes }: SpendOptions,
  stopped: string,
): Promise<RecordCount> {
  const run = { collection, ...asked };
  const spending = yes === true ? 'anything' : 'within-budget';
  return await allowed(orStopped(caller.call('query:count', { ...run, spending }, signal), signal, stopped), async () =>
    workText(await caller.call('query:plan', run, signal)),
  );
}

/** Says of a run that has to be asked about first what would let it run. `takes`: what it takes, or null. */
export async function allowed<T>(run: Promise<T>, takes: () => Promise<string | null>): Promise<T> {
  try {
    return await run;
  } catch (error) {
    if (!(error instanceof AppFailure) || error.error.code !== 'ask-first') throw error;
    const work = await takes();
    const sentence = work === null ? '' : ` It takes ${work}.`;
    throw new UsageError(`${error.error.message}${sentence} Add --yes to do it all the same.`);
  }
}

/** `--plan`: what a query would send, and nothing is sent. */
export async function showPlan(
  { terminal, options, messages }: CommandContext,
  { caller, collection, signal }: OpenCollection,
  asked: Omit<AskedQuery, 'collection'>,
): Promise<0> {
  const plan = await caller.call('query:plan', { collection, ...asked }, signal);
  if (options.json === true) {
    await terminal.write(`${JSON.stringify(plan)}\n`);
    return 0;
  }
  await terminal.write(planTable(plan));
  const { dollars } = totalOf(plan);
  if (dollars !== null) messages.note(pricesText(plan.prices));
  return 0;
}

function planTable(plan: Plan): string {
  const { everything, tags } = plan;
  const time = plan.seconds === null ? 'unknown: not measured yet' : secondsText(plan.seconds);
  const rows: (readonly [string, string])[] = [
    ['rows', sourceText(plan)],
    ['requests', workText(plan)],
    ['time', plan.requests.length === 0 ? 'no request to wait for' : time],
  ];
  if (tags !== null && tags.oldestReadAt !== null) {
    rows.push([
      'tags known',
      `of ${tags.known.toLocaleString('en-US')}, read ${new Date(tags.oldestReadAt).toISOString()}`,
    ]);
  }
  rows.push(['download all', everything === null ? 'unknown until listed' : workText(everything)]);
  return textTable([{ title: 'plan' }, { title: '', runsOn: true }], rows);
}
