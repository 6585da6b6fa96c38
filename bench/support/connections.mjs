import { randomUUID } from 'node:crypto';

export const SECRET = { secretAccessKey: 'bench', sessionToken: null };

export function connectionTo(endpoint) {
  return {
    id: randomUUID(),
    name: 'bench',
    kind: 'custom',
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: { source: 'keys', accessKeyId: 'bench' },
    environment: 'test',
    readOnly: false,
    maxWorkers: null,
  };
}

export function collectionIn(connectionId, { bucket, prefix }) {
  return {
    id: randomUUID(),
    connectionId,
    name: prefix.replace(/\/$/, ''),
    bucket,
    prefix,
    codec: 'plain',
    keyTemplate: '{id}.json',
    tagMapping: false,
    defaultStorageClass: null,
    encryption: null,
    cacheTtlSeconds: 60,
    maxWorkers: null,
    indexSizeCap: 4 * 1024 * 1024,
    memoryOnly: false,
  };
}
