import { formatBytes } from '../../shared/byte-size.ts';
import { budgetText, dollarsText, pricesText, secondsText, workText } from '../../shared/plan-text.ts';
import { isOver, type Plan, totalOf } from '../../shared/plan.ts';
import type { OpenedQuery, RequestStatistics, SyncProgress } from '../../shared/page.ts';
import { countOf, formatCount } from '../ui/format.ts';

/** Seconds below which a rate says nothing. */
const RATE_AFTER = 0.5;

/** What the next run would take: `next run: at least 4 LIST, about 1 s`. */
export function nextRunWords(plan: Plan): string {
  const work = plan.requests.length === 0 ? '0 requests' : workText(plan);
  const time = timeWords(plan);
  return `next run: ${work}${time === null ? '' : `, ${time}`}`;
}

/** How long a run takes, at the rate of the last ones; null for one that sends nothing. */
export function timeWords({ requests, seconds }: Pick<Plan, 'requests' | 'seconds'>): string | null {
  if (requests.length === 0) return null;
  return seconds === null ? 'time unknown' : secondsText(seconds);
}

/** What the settings of the connection allow; null where they allow the plan. `work`: `A run over Archive`. */
export function beyondBudgetWords(plan: Pick<Plan, 'requests' | 'budget'>, work: string): string | null {
  const { count, dollars } = totalOf(plan);
  if (plan.budget === null || !isOver(plan.budget, count, dollars)) return null;
  return `${work} may take ${budgetText(plan.budget)} unasked, as its settings say.`;
}

/** What was not sent because there is an index: `3,205 requests saved`, with the money where somebody bills; null for none. */
export function savedWords({ statistics }: Pick<OpenedQuery, 'statistics'>, plan: Plan | null): string | null {
  if (plan === null || plan.everything === null) return null;
  const all = totalOf(plan.everything);
  const saved = all.count - countRequests(statistics);
  if (saved <= 0) return null;
  const dollars = all.dollars === null ? null : Math.max(all.dollars - (statistics.dollars ?? 0), 0);
  return `${countOf(saved, 'request')}${dollars === null ? '' : `, ${dollarsText(dollars)}`} saved`;
}

/** For hovering: what it would take to download every object, and whose prices these are. */
export function everythingWords(plan: Plan | null): readonly string[] {
  if (plan === null || plan.everything === null) return [];
  const { dollars } = totalOf(plan.everything);
  return [`Download all: ${workText(plan.everything)}`, ...(dollars === null ? [] : [pricesText(plan.prices)])];
}

/** Where the rows came from and what that cost, without the count: "from index", "0 requests", "6 ms". */
export function answerWords(opened: OpenedQuery): readonly string[] {
  const requests = countRequests(opened.statistics);
  return [
    requests === 0 ? 'from index' : 'read from S3',
    countOf(requests, 'request'),
    ...(opened.statistics.bytes > 0 ? [formatBytes(opened.statistics.bytes)] : []),
    ...(opened.statistics.dollars === undefined ? [] : [dollarsText(opened.statistics.dollars)]),
    `${formatCount(Math.max(Math.round(opened.statistics.milliseconds), 1))} ms`,
  ];
}

/**
 * What the sync cost that the rows are from: "3,205 requests". An answer from the index cost nothing, but the sync before it did.
 * Null where there is nothing more to say.
 */
export function syncCost({ statistics, syncRequests }: OpenedQuery): string | null {
  if (countRequests(statistics) > 0 || syncRequests === undefined) return null;
  return countOf(syncRequests, 'request');
}

/** What is not as one would think: said in words beside the number it concerns. */
export function cautions(opened: OpenedQuery): readonly string[] {
  const { unreadable, notes } = opened;
  return [
    ...notes.map((note) => note.replace(/\.$/, '')),
    ...(opened.complete ? [] : ['rows so far: not all of the bucket has been read']),
    ...(unreadable === 0
      ? []
      : [`${countOf(unreadable, 'object')} ${unreadable === 1 ? 'is unreadable' : 'are unreadable'}`]),
  ];
}

export interface ProgressWords {
  readonly strong: string;
  readonly rest: string;
  readonly further: readonly string[];
}

/** How much of a sync is done, 0 to 1; null while the end is not known. */
export function progressShare({ state, read, toRead }: SyncProgress): number | null {
  return toRead === 0 || (state === 'listing' && read === 0) ? null : read / toRead;
}

export function progressWords(progress: SyncProgress, partial: boolean, now: number): ProgressWords {
  const seconds = (now - progress.startedAt) / 1000;
  const further = partial ? ['rows so far, the order may still change'] : [];
  const cost = [countOf(progress.requests, 'request'), ...(progress.bytes > 0 ? [formatBytes(progress.bytes)] : [])];
  if (progress.state === 'listing' && progress.read === 0) {
    return {
      strong: formatCount(progress.listed),
      rest: progress.listed === 1 ? 'key listed' : 'keys listed',
      further: [...further, ...cost],
    };
  }
  const rate = seconds < RATE_AFTER ? 0 : progress.read / seconds;
  const left = Math.max(progress.toRead - progress.read, 0);
  const speed =
    rate < 1 ? [] : [`${formatCount(Math.round(rate))}/s`, secondsLeft(left / rate, progress.state === 'listing')];
  return {
    strong: formatCount(progress.read),
    rest:
      progress.subject === 'tags'
        ? `of ${countOf(progress.toRead, 'record')}: tags read`
        : `of ${formatCount(progress.toRead)}${progress.state === 'listing' ? ' so far' : ''} read`,
    further: [...further, ...speed.filter((word) => word !== ''), ...cost],
  };
}

function secondsLeft(seconds: number, unknownEnd: boolean): string {
  if (unknownEnd || !Number.isFinite(seconds)) return '';
  if (seconds < 60) return `${Math.max(Math.ceil(seconds), 1)} s left`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min left` : `${Math.ceil(seconds / 3600)} h left`;
}

export function countRequests(statistics: RequestStatistics): number {
  return Object.values(statistics.requests).reduce((sum, count) => sum + count, 0);
}

/** Requests by operation, for the tooltip: "2 ListObjectsV2, 96 GetObject". */
export function requestsByKind(statistics: RequestStatistics): string {
  return Object.entries(statistics.requests)
    .filter(([, count]) => count > 0)
    .map(([operation, count]) => `${formatCount(count)} ${operation}`)
    .join(', ');
}
