import type { PriceTable } from './cost/price-table.ts';
import { planContext } from './cost/plan-context.ts';
import { sentAtLeast, workOfComparison, type SentToEnd } from './cost/plan-comparison.ts';
import type { RateKeeper } from './cost/request-rates.ts';
import type { CollectionTarget, Engine } from './engine.ts';
import type { Indexes } from './index/collection-index.ts';
import { countCompared } from './records/compare-collections.ts';
import { RequestMeter } from './s3/request-meter.ts';
import type { S3Client } from './s3/s3-client.ts';

export interface ComparisonOptions {
  readonly indexes: Pick<Indexes, 'known'>;
  readonly connected: (target: CollectionTarget, signal: AbortSignal) => Promise<S3Client>;
  readonly rates: RateKeeper;
  readonly prices: readonly PriceTable[];
}

/** Collections beside each other, and what that takes. */
export function createComparisons({
  indexes,
  connected,
  rates,
  prices,
}: ComparisonOptions): Pick<Engine, 'compare' | 'planComparison'> {
  const contextOf = ({ connection }: CollectionTarget) => planContext(connection, rates, prices);

  return {
    compare: async (here, there, signal, first = Infinity) => {
      const [own, others] = [
        { client: await connected(here, signal), meter: new RequestMeter(), ...here.collection },
        { client: await connected(there, signal), meter: new RequestMeter(), ...there.collection },
      ];
      const compared = await countCompared(own, others, first, { signal, lane: 'bulk' });
      const sent = [sentTo(own.meter, here), sentTo(others.meter, there)];
      return { ...compared, sent: workOfComparison(sent, true) };
    },
    planComparison: async (here, there, first = Infinity) => {
      const sent = [here, there].map(async (target) => {
        const known = await indexes.known(target.collection.id);
        return sentAtLeast(contextOf(target), known?.records ?? null, first);
      });
      return workOfComparison(await Promise.all(sent), false);
    },
  };

  function sentTo(meter: RequestMeter, target: CollectionTarget): SentToEnd {
    const { requests, bytes } = meter.statistics();
    const [listed, read] = [requests['ListObjectsV2'] ?? 0, requests['GetObject'] ?? 0];
    return { context: contextOf(target), listed, read, bytes };
  }
}
