/** US dollars, of Amazon's public price list. Other regions cost up to twice as much. */
export const PRICE_REGION = 'us-east-1';
export const PRICE_DATE = '2026-11-22';

interface ClassPrices {
  /** A PUT, COPY, POST or LIST. */
  readonly write: number;
  /** A GET, and all others. */
  readonly read: number;
  /** A gigabyte (10^9 bytes) that is read. */
  readonly retrieval: number;
}

const thousand = (write: number, read: number, retrieval: number): ClassPrices => ({
  write: write / 1000,
  read: read / 1000,
  retrieval,
});

const STANDARD = thousand(0.005, 0.0004, 0);

const CLASSES: Readonly<Record<string, ClassPrices>> = {
  STANDARD,
  INTELLIGENT_TIERING: STANDARD,
  STANDARD_IA: thousand(0.01, 0.001, 0.01),
  ONEZONE_IA: thousand(0.01, 0.001, 0.01),
  GLACIER_IR: thousand(0.02, 0.01, 0.03),
  GLACIER: thousand(0.03, 0.0004, 0),
  DEEP_ARCHIVE: thousand(0.05, 0.0004, 0),
  EXPRESS_ONEZONE: thousand(0.00113, 0.00003, 0.0006),
};

/** Billed as a GET though the name says otherwise, and the other way round: tags are written at the price of a PUT. */
const WRITES = /^(Put|Copy|Create|Complete|Upload|List|Restore)/;
/** S3 takes nothing for deleting and for giving up. */
const FREE = /^(Delete|Abort)/;

/**
 * What one request costs. `storageClass`: of the object that is written, or of the one that was read; a class that is not
 * known counts as STANDARD. `bytesDown`: of the body that was read.
 */
export function requestCost(operation: string, storageClass: string | null, bytesDown: number): number {
  if (FREE.test(operation)) return 0;
  const prices = CLASSES[storageClass ?? 'STANDARD'] ?? STANDARD;
  if (WRITES.test(operation)) return prices.write;
  return prices.read + (operation === 'GetObject' ? (prices.retrieval * bytesDown) / 1e9 : 0);
}
