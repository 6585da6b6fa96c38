import type { RestoreTier } from '../../../shared/job.ts';
import type { SizeCount } from '../../../shared/class-offer.ts';

/** What S3 takes in one region, in US dollars, on one day. Data: a file a region, with where the figures are from. */
export interface PriceTable {
  readonly region: string;
  /** When it was collected: `2026-11-22`. */
  readonly date: string;
  readonly sources: readonly string[];
  readonly classes: Readonly<Record<string, ClassPrices>>;
}

export interface ClassPrices {
  /** A gigabyte (2^30 bytes) kept for a month, at the first tier of size. */
  readonly storage: number;
  /** 1,000 PUTs, COPYs, POSTs or LISTs. */
  readonly writes: number;
  /** 1,000 GETs, and all others. */
  readonly reads: number;
  /** 1,000 transitions into the class by a lifecycle rule; null where there are none. */
  readonly transitions: number | null;
  /** A gigabyte that is read; of archives, restored at the standard rate. */
  readonly retrieval: number;
  /** Days that are billed at least; null where a day is enough. */
  readonly leastDays: number | null;
  /** Bytes that an object is billed as at least. */
  readonly leastBytes: number;
  /** Bytes of index and name that an archived object is billed for beside its own, in the class and in STANDARD. */
  readonly added: { readonly own: number; readonly standard: number } | null;
  /** Of archives: 1,000 requests for a restore, and a gigabyte of it; left out where such a tier is not known, or is none. */
  readonly restores?: Readonly<Partial<Record<RestoreTier, { readonly requests: number; readonly retrieval: number }>>>;
}

/** Which table prices a connection: that of its region, or us-east-1's where none was loaded. */
export interface Prices {
  readonly table: PriceTable;
  readonly isOfRegion: boolean;
}

export function pricesOf(region: string, tables: readonly PriceTable[], fallback: PriceTable): Prices {
  const own = [...tables, fallback].find((table) => table.region === region);
  return { table: own ?? fallback, isOfRegion: own !== undefined };
}

/** Billed as a GET though the name says otherwise, and the other way round: tags are written at the price of a PUT. */
const WRITES = /^(Put|Copy|Create|Complete|Upload|List|Restore)/;
/** S3 takes nothing for deleting and for giving up. */
const FREE = /^(Delete|Abort)/;
const GIGABYTE = 2 ** 30;

/**
 * What one request costs. `storageClass`: of the object that is written, or of the one that was read; a class that is not
 * known counts as STANDARD. `bytesDown`: of the body that was read.
 */
export function priceOfRequest(
  { classes }: PriceTable,
  operation: string,
  storageClass: string | null,
  bytesDown: number,
): number {
  if (FREE.test(operation)) return 0;
  const prices = classes[storageClass ?? 'STANDARD'] ?? classes['STANDARD'];
  if (prices === undefined) return 0;
  if (WRITES.test(operation)) return prices.writes / 1000;
  // What an archive takes for retrieval was billed with the restore.
  const retrieval = operation === 'GetObject' && prices.added === null ? prices.retrieval : 0;
  return prices.reads / 1000 + (retrieval * bytesDown) / GIGABYTE;
}

/** What S3 takes for the bytes of objects that are read or copied; of an archive it was billed with the restore. */
export function retrievalOf({ classes }: PriceTable, { storageClass, bytes }: SizeCount): number {
  const prices = classes[storageClass];
  return prices === undefined || prices.added !== null ? 0 : (prices.retrieval * bytes) / GIGABYTE;
}

/** What readable copies of these objects cost to be made; 0 of a class that is no archive. Tiers without a price cost the usual one. */
export function priceOfRestore(
  { classes }: PriceTable,
  tier: RestoreTier,
  { storageClass, objects, bytes }: SizeCount,
): number {
  const prices = classes[storageClass];
  if (prices === undefined || prices.added === null) return 0;
  const { requests, retrieval } = prices.restores?.[tier] ?? { requests: prices.writes, retrieval: prices.retrieval };
  return (objects * requests) / 1000 + (bytes * retrieval) / GIGABYTE;
}
