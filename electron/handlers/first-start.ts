import { DEFAULT_CACHE_TTL_SECONDS, DEFAULT_INDEX_SIZE_CAP, type Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { SAMPLE_COLLECTIONS } from '../sandbox/sample-collections.ts';
import type { Store } from '../store/store.ts';

const SANDBOX: Connection = {
  id: 'sandbox',
  name: 'Sandbox',
  kind: 'sandbox',
  endpoint: null,
  region: 'us-east-1',
  pathStyle: true,
  credentials: { source: 'sandbox' },
  environment: 'development',
  readOnly: false,
  maxWorkers: null,
};

/** What the first start of a data folder shows: the sandbox and its sample collections. */
export async function fillOnFirstStart(store: Store): Promise<void> {
  if (store.connections.existed) return;
  const collections = SAMPLE_COLLECTIONS.map(({ name, bucket, prefix, codec }): Collection => ({
    id: `sample-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
    connectionId: SANDBOX.id,
    name,
    bucket,
    prefix,
    codec,
    keyTemplate: '{id}.json',
    tagMapping: false,
    defaultStorageClass: null,
    encryption: null,
    cacheTtlSeconds: DEFAULT_CACHE_TTL_SECONDS,
    maxWorkers: null,
    indexSizeCap: DEFAULT_INDEX_SIZE_CAP,
    memoryOnly: false,
  }));
  // The connection last: its file is what says that the first start is over.
  await store.collections.putAll(collections);
  await store.connections.put(SANDBOX);
}
