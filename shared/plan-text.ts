import { formatBytes } from './byte-size.ts';
import {
  type Budget,
  type JobPlan,
  type Plan,
  type PlannedFee,
  type PlannedRequests,
  type PlannedWork,
  type PriceSource,
  totalOf,
} from './plan.ts';

/** `$0.41`, `$0.00003`: to the cent, or to the first digit that counts. */
export function dollarsText(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars >= 0.01)
    return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  const digits = Math.min(Math.ceil(-Math.log10(dollars)), 12);
  return `$${dollars.toFixed(digits)}`;
}

const VERBS: Readonly<Record<string, string>> = {
  ListObjectsV2: 'LIST',
  GetObject: 'GET',
  GetObjectTagging: 'tag request',
  PutObject: 'PUT',
  CopyObject: 'COPY',
};

/** `at least 4 LIST`; `GETs unknown until listed` where nothing is known of them. */
export function requestsText({ operation, count, exact }: PlannedRequests): string {
  const verb = VERBS[operation] ?? operation;
  const plural = operation === 'GetObjectTagging' && count !== 1 ? `${verb}s` : verb;
  if (count === 0 && !exact) return `${verb}s unknown until listed`;
  return `${exact ? '' : 'at least '}${count.toLocaleString('en-US')} ${plural}`;
}

/** `about 4 s`; what is not known is said by the caller. */
export function secondsText(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 60) return `about ${String(Math.round(seconds))} s`;
  return seconds < 3600
    ? `about ${String(Math.round(seconds / 60))} min`
    : `about ${String(Math.round(seconds / 3600))} h`;
}

/** Sums: `at least 4 LIST, GETs unknown until listed, at least $0.00002`. */
export function workText(work: PlannedWork): string {
  const { bytes, dollars, exact } = totalOf(work);
  if (work.requests.length === 0) return '0 requests';
  return [
    ...work.requests.map(requestsText),
    ...(bytes === 0 ? [] : [formatBytes(bytes)]),
    ...(dollars === null ? [] : [`${exact ? '' : 'at least '}${dollarsText(dollars)}`]),
    ...(work.fees ?? []).map((fee) => `of it ${dollarsText(fee.dollars)} ${FEE_WORDS[fee.of]}`),
  ].join(', ');
}

/** `120 in STANDARD_IA, 30 in GLACIER_IR (10 of them now)`: where rules give each record its class. */
export function classesText(into: NonNullable<JobPlan['into']>): string {
  return into
    .map(({ storageClass, records, there }) => {
      const already =
        there === 0 ? '' : there === records ? ' as now' : ` (${there.toLocaleString('en-US')} of them now)`;
      return `${records.toLocaleString('en-US')} in ${storageClass}${already}`;
    })
    .join(', ');
}

const FEE_WORDS: Readonly<Record<PlannedFee['of'], string>> = {
  'early-end': 'for objects that leave their class before their days are over',
  'restored-copies': 'for keeping the copies',
};

/** Where the rows come from: `from index`, `lists keys, reads what changed`, `lists and reads all`. */
export function sourceText({ source, below }: Pick<Plan, 'source' | 'below'>): string {
  if (source === 'index') return 'from index';
  if (below !== null) return 'lists keys below a prefix, reads what changed';
  return source === 'listing' ? 'lists keys, reads what changed' : 'lists and reads all';
}

/** `Prices of us-east-1, 2026-11-22.`, and that they are those of another region where they are. */
export function pricesText({ region, date, isOfRegion }: PriceSource): string {
  const another = isOfRegion ? '' : ' The connection is of another region, whose prices are not known.';
  return `Prices of ${region}, ${date}.${another}`;
}

/** `500 requests`, `$0.01`, `500 requests or $0.01`. */
export function budgetText({ requests, dollars }: Budget): string {
  return [
    ...(requests === null ? [] : [`${requests.toLocaleString('en-US')} ${requests === 1 ? 'request' : 'requests'}`]),
    ...(dollars === null ? [] : [dollarsText(dollars)]),
  ].join(' or ');
}
