import { COLLECTION_DEFAULTS, type Collection } from '../../shared/collection.ts';
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
    ...COLLECTION_DEFAULTS,
  }));
  // The connection last: its file is what says that the first start is over.
  await store.collections.putAll(collections);
  await store.connections.put(SANDBOX);
}
