import { formatBytes } from '../../../shared/byte-size.ts';
import type { ClassOffer, OfferUse, RuledOffer, SizeCount } from '../../../shared/class-offer.ts';
import { dollarsText } from '../../../shared/plan-text.ts';
import { STORAGE_CLASSES } from '../../../shared/storage-classes.ts';
import type { ClassPrices, PriceTable } from './price-table.ts';

const GIGABYTE = 2 ** 30;
/** From this size on Intelligent-Tiering watches an object, and takes money for it. */
const WATCHED_FROM = 128 * 1024;
/** US dollars a month for 1,000 objects that are watched; the same in all regions. */
const WATCHING = 0.0025;
/** A share of what it costs now below which nobody decides by it. */
const SAME = 0.005;

/** What some records cost in a class a month. Classes that the table does not know cost what STANDARD does. */
export function monthlyCost({ classes }: PriceTable, storageClass: string, sizes: readonly SizeCount[]): number {
  const standard = classes['STANDARD'];
  const prices = classes[storageClass] ?? standard;
  if (prices === undefined || standard === undefined) return 0;
  const watches = storageClass === 'INTELLIGENT_TIERING';
  return sum(
    sizes.map(({ objects, bytes }) => {
      const mean = objects === 0 ? 0 : bytes / objects;
      // Within one count of sizes all objects are below the least that is billed, or none is.
      const billed = Math.max(mean, prices.leastBytes) * objects;
      const own = (billed + (prices.added?.own ?? 0) * objects) * prices.storage;
      const index = (prices.added?.standard ?? 0) * objects * standard.storage;
      return (own + index) / GIGABYTE + (watches && mean >= WATCHED_FROM ? (objects * WATCHING) / 1000 : 0);
    }),
  );
}

/** Bytes of an object below which the class costs more a month than STANDARD; 0 where it never does. */
export function breakEvenBytes({ classes }: PriceTable, storageClass: string): number {
  const standard = classes['STANDARD'];
  const prices = classes[storageClass];
  if (prices === undefined || standard === undefined || prices.storage >= standard.storage) return 0;
  if (prices.added === null) return (prices.leastBytes * prices.storage) / standard.storage;
  const { own, standard: index } = prices.added;
  return (own * prices.storage + index * standard.storage) / (standard.storage - prices.storage);
}

/** Each class that a write can ask for, with what it comes to for these records. */
export function classOffers(
  table: PriceTable,
  sizes: readonly SizeCount[],
  use: OfferUse,
): { readonly now: number; readonly offers: readonly ClassOffer[] } {
  const held = use === 'create' ? sizes.map((size) => ({ ...size, storageClass: 'STANDARD' })) : sizes;
  const classesNow = [...new Set(held.map(({ storageClass }) => storageClass))];
  const now = sum(classesNow.map((name) => monthlyCost(table, name, ofClass(held, name))));
  const offers = STORAGE_CLASSES.flatMap(({ name }): ClassOffer[] => {
    const prices = table.classes[name];
    return prices === undefined ? [] : [offerOf(table, { name, prices }, held, { use, now })];
  });
  return { now, offers };
}

/**
 * What records come to in the classes that rules give them: `into`, or that which they have. `now`: a month as they are, of new
 * ones in STANDARD.
 */
export function ruledOffer(
  table: PriceTable,
  ruled: readonly SizeCount[],
  { now, use }: { readonly now: number; readonly use: OfferUse },
): RuledOffer {
  const standard = table.classes['STANDARD'];
  const names = [...new Set(ruled.map(({ storageClass, into = storageClass }) => into))];
  const classes = names.map((storageClass) => {
    const sizes = ruled.filter(({ storageClass: own, into = own }) => into === storageClass);
    return {
      storageClass,
      objects: sum(sizes.map(({ objects }) => objects)),
      bytes: sum(sizes.map(({ bytes }) => bytes)),
      monthly: monthlyCost(table, storageClass, sizes),
    };
  });
  const monthly = sum(classes.map((each) => each.monthly));
  const once = sum(
    names.map((name) => {
      const prices = table.classes[name] ?? standard;
      const going = ruled.filter(({ storageClass: own, into = own }) => into === name);
      return prices === undefined ? 0 : onceCost(table, prices, name, going, use);
    }),
  );
  const saves = now - monthly;
  const tone = toneOf({ there: false, saves, now });
  const paysBack = tone === 'cheaper' ? once / saves : null;
  return { classes, monthly, once, paysBack, tone, verdict: ruledVerdict({ tone, monthly, now, paysBack, use }) };
}

function ruledVerdict({
  tone,
  monthly,
  now,
  paysBack,
  use,
}: Pick<Verdict, 'tone' | 'monthly' | 'now' | 'paysBack' | 'use'>): string {
  const before = use === 'create' ? 'all in Standard' : 'now';
  if (tone === 'cheaper') return savingText(now - monthly, paysBack);
  if (tone !== 'dearer') return `Costs the same as ${before}.`;
  return `Costs${now === 0 ? '' : ` ${timesText(monthly / now)}`} more than ${before}.`;
}

/** `Saves $3.20 a month, which pays for getting there after 4 months.` */
function savingText(saves: number, paysBack: number | null): string {
  const saved = `Saves ${dollarsText(saves)} a month`;
  if (paysBack === null || paysBack <= 0) return `${saved}.`;
  return paysBack > TOO_LONG
    ? `${saved}, which pays for getting there only after ${yearsText(paysBack)}.`
    : `${saved}, which pays for getting there after ${monthsText(paysBack)}.`;
}

function offerOf(
  table: PriceTable,
  { name, prices }: { readonly name: string; readonly prices: ClassPrices },
  sizes: readonly SizeCount[],
  { use, now }: { readonly use: OfferUse; readonly now: number },
): ClassOffer {
  const total = sum(sizes.map(({ objects }) => objects));
  const there = sum(ofClass(sizes, name).map(({ objects }) => objects));
  const monthly = monthlyCost(table, name, sizes);
  const once = onceCost(table, prices, name, sizes, use);
  const saves = now - monthly;
  const tone = toneOf({ there: total > 0 && there === total, saves, now });
  const paysBack = tone === 'cheaper' ? once / saves : null;
  const added = prices.added === null ? 0 : prices.added.own + prices.added.standard;
  return {
    storageClass: name,
    storage: prices.storage,
    writes: prices.writes,
    reads: prices.reads,
    retrieval: prices.retrieval,
    leastDays: prices.leastDays,
    leastBytes: prices.leastBytes,
    addedBytes: added,
    monthly,
    once,
    paysBack,
    there,
    tone,
    verdict: verdictOf({ prices, tone, monthly, now, paysBack, use, mean: meanOf(sizes) }),
  };
}

/** A copy is billed at the price of the class it goes to, and as reading it where it comes from. */
function onceCost(
  { classes }: PriceTable,
  prices: ClassPrices,
  name: string,
  sizes: readonly SizeCount[],
  use: OfferUse,
): number {
  const standard = classes['STANDARD'] ?? prices;
  if (use === 'create') return (sum(sizes.map(({ objects }) => objects)) * (prices.writes - standard.writes)) / 1000;
  return sum(
    sizes
      .filter(({ storageClass }) => storageClass !== name)
      .map(({ storageClass, objects, bytes }) => {
        const from = classes[storageClass] ?? standard;
        return (objects * prices.writes) / 1000 + (bytes * from.retrieval) / GIGABYTE;
      }),
  );
}

function toneOf({ there, saves, now }: { there: boolean; saves: number; now: number }): ClassOffer['tone'] {
  if (there) return 'there';
  if (Math.abs(saves) <= now * SAME) return 'same';
  return saves > 0 ? 'cheaper' : 'dearer';
}

interface Verdict {
  readonly prices: ClassPrices;
  readonly tone: ClassOffer['tone'];
  readonly monthly: number;
  readonly now: number;
  readonly paysBack: number | null;
  readonly use: OfferUse;
  /** Bytes of an object; null where there is none. */
  readonly mean: number | null;
}

/** Months after which they are said in years. */
const TOO_LONG = 24;

function verdictOf({ prices, tone, monthly, now, paysBack, use, mean }: Verdict): string {
  if (mean === null) return 'There are no records to tell by.';
  const least =
    prices.added === null
      ? prices.leastBytes === 0
        ? null
        : `each is billed as ${formatBytes(prices.leastBytes)}`
      : `each is billed for ${formatBytes(prices.added.own + prices.added.standard)} more`;
  const days = prices.leastDays === null ? '' : ` Billed for ${prices.leastDays} days at least.`;
  switch (tone) {
    case 'there':
      return use === 'create' ? 'What S3 takes by itself.' : 'Where they are now.';
    case 'same':
      return 'Costs the same.';
    case 'dearer': {
      const times = now === 0 ? '' : ` ${timesText(monthly / now)}`;
      const because = least === null ? '' : `: records are ${formatBytes(mean)}, and ${least}`;
      return `Costs${times} more${because}.`;
    }
    case 'cheaper':
      return `${savingText(now - monthly, paysBack)}${days}`;
  }
}

/** `237 times`, `1.4 times`; what is less is said as a share. */
function timesText(ratio: number): string {
  if (ratio >= 10) return `${Math.round(ratio).toLocaleString('en-US')} times`;
  return ratio >= 2 ? `${ratio.toFixed(1)} times` : `${Math.round((ratio - 1) * 100)} %`;
}

export function monthsText(months: number): string {
  if (months < 0.1) return 'a few days';
  return months < 10 ? `${months.toFixed(1)} months` : `${Math.round(months)} months`;
}

function yearsText(months: number): string {
  const years = Math.round(months / 12);
  return years > 100 ? 'more than a hundred years' : `${years} years`;
}

function meanOf(sizes: readonly SizeCount[]): number | null {
  const objects = sum(sizes.map((size) => size.objects));
  return objects === 0 ? null : sum(sizes.map(({ bytes }) => bytes)) / objects;
}

function ofClass(sizes: readonly SizeCount[], name: string): readonly SizeCount[] {
  return sizes.filter(({ storageClass }) => storageClass === name);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
