import type { Connection } from '../../../../shared/connection.ts';
import type { CopyRoute } from '../../records/copy-record.ts';
import type { CollectionTarget } from '../../engine.ts';

/**
 * Whether one server has both, so that it can copy by itself, asked with the keys of the destination. A name of a bucket has
 * to mean the same one to both: with Ceph's tenants and Garage's aliases it means another one to other keys.
 */
export function isOneService({ connection: a }: CollectionTarget, { connection: b }: CollectionTarget): boolean {
  if (a.id === b.id) return true;
  if (a.kind !== b.kind || a.endpoint !== b.endpoint) return false;
  if (a.kind === 'aws') return partitionOf(a.region) === partitionOf(b.region);
  return a.kind === 'minio' || isOneIdentity(a, b);
}

function isOneIdentity(a: Connection, b: Connection): boolean {
  return a.region === b.region && JSON.stringify(a.credentials) === JSON.stringify(b.credentials);
}

/** Regions that share one set of bucket names and copy from one to the other: those of China, of the US government, and all others. */
function partitionOf(region: string): string {
  return /^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-/.exec(region)?.[1] ?? 'aws';
}

/** For one job: what it learns of the way it goes by. */
export function routeBetween(source: CollectionTarget, destination: CollectionTarget): CopyRoute {
  return {
    byServer: isOneService(source, destination),
    mayBeRefused: source.connection.id !== destination.connection.id,
  };
}
