import { knownServer, serverOf } from '../../shared/known-servers.ts';
import type { ClassOffers, OfferedRecords, OfferUse, RulesOfRecords, SizeCount } from '../../shared/class-offer.ts';
import type { StorageRule } from '../../shared/storage-rules.ts';
import { classOffers, ruledOffer } from './cost/class-offers.ts';
import { isBilled } from './cost/ledger.ts';
import { type PriceTable, pricesOf } from './cost/price-table.ts';
import { US_EAST_1 } from './cost/prices/us-east-1.ts';
import type { CollectionTarget } from './engine.ts';
import type { Indexes, IndexSource } from './index/collection-index.ts';
import type { S3Client } from './s3/s3-client.ts';

export interface OfferQuestion {
  readonly records: OfferedRecords;
  readonly use: OfferUse;
  /** Something is about to be written: then the server is tried out, once a bucket, where nobody knows what it does. */
  readonly isNear: boolean;
}

export type StorageOffers = (
  target: CollectionTarget,
  question: OfferQuestion,
  signal: AbortSignal,
) => Promise<ClassOffers>;

export interface StorageOffersOptions {
  readonly indexes: Pick<Indexes, 'objectSizes' | 'sizesOfResult'>;
  readonly connect: (target: CollectionTarget) => Promise<{ readonly client: S3Client; readonly source: IndexSource }>;
  /** Of regions besides us-east-1. */
  readonly prices: readonly PriceTable[];
}

/** Some records by class and size, those of a result also by what rules say, as far as the index knows them; sends no request. */
export async function sizesOf(
  indexes: StorageOffersOptions['indexes'],
  source: IndexSource,
  records: OfferedRecords,
  rules: readonly StorageRule[],
  signal: AbortSignal,
): Promise<readonly SizeCount[]> {
  switch (records.of) {
    case 'sizes':
      return records.sizes;
    case 'result':
      return indexes.sizesOfResult(records.result, records.ranges, rules, signal);
    case 'collection':
      return indexes.objectSizes(source, null, signal);
    case 'keys':
      return indexes.objectSizes(source, records.keys, signal);
  }
}

/** Rows of a result by the class that rules give each, as `into`, which is its own where they leave it there. */
export async function ruledSizes(
  indexes: StorageOffersOptions['indexes'],
  source: IndexSource,
  { rules: { rules, usual }, ...records }: RuledRecords,
  signal: AbortSignal,
): Promise<readonly SizeCount[]> {
  const sizes = await sizesOf(indexes, source, records, rules, signal);
  return sizes.map((size) => ({ ...size, into: size.into ?? usual ?? size.storageClass }));
}

type RuledRecords = OfferedRecords & { readonly rules: RulesOfRecords };

/** What the storage classes of a server come to for some records, by their real sizes. */
export function createStorageOffers({ indexes, connect, prices: tables }: StorageOffersOptions): StorageOffers {
  return async (target, { records, use, isNear }, signal) => {
    const { client, source } = await connect(target);
    const { connection, collection } = target;
    const sizes = await sizesOf(indexes, source, records, [], signal);
    const tried = isNear && !connection.readOnly;
    const kept = tried
      ? (await client.capabilities(collection.bucket, collection.prefix, { signal })).storageClasses
      : null;
    const { table, isOfRegion } = pricesOf(connection.region, tables, US_EAST_1);
    const ruled =
      records.of === 'sizes'
        ? records.ruled
        : records.of === 'result' && records.rules !== undefined
          ? await ruledSizes(indexes, source, { ...records, rules: records.rules }, signal)
          : undefined;
    const server = serverOf(connection);
    const has = server === null ? null : knownServer(server).storageClasses;
    const { now, offers } = classOffers(table, sizes, use);
    const there = has === null ? offers : offers.filter(({ storageClass }) => has.includes(storageClass));
    return {
      now,
      offers: there,
      ...(ruled === undefined ? {} : { byRules: ruledOffer(table, ruled, { now, use }) }),
      objects: sizes.reduce((sum, { objects }) => sum + objects, 0),
      bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
      sizes,
      prices: { region: table.region, date: table.date, isOfRegion },
      isBilled: isBilled(connection),
      unsupported:
        kept === false || there.length === 1
          ? `The server of ${connection.name} keeps every object in the same class.`
          : null,
    };
  };
}
