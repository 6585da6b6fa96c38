import type { CallOptions } from './s3-client.ts';

/** What a server does of what S3 does, in one bucket. Null where nobody knows: the keys may not try it. */
export interface Capabilities {
  /** A PUT with `If-None-Match: *` leaves an object that is there alone. */
  readonly conditionalCreate: boolean | null;
  /** A PUT with `If-Match` replaces only the object with that ETag. */
  readonly conditionalReplace: boolean | null;
  /** A copy with `If-None-Match: *` leaves an object that is there alone. */
  readonly conditionalCopy: boolean | null;
  /** A DELETE with `If-Match` deletes only the object with that ETag. */
  readonly conditionalDelete: boolean | null;
  /** DeleteObjects, up to 1,000 keys in a request. */
  readonly bulkDelete: boolean | null;
  /** DeleteObjects looks at its `<ETag>` elements. */
  readonly conditionalBulkDelete: boolean | null;
  readonly tags: boolean | null;
  /** A PUT whose body does not fit its `x-amz-checksum-…` is refused. */
  readonly checksums: boolean | null;
  /** The bucket keeps, or has kept, versions of its objects. */
  readonly versions: boolean | null;
  /** An object has the storage class that it was written with. */
  readonly storageClasses: boolean | null;
}

/** Amazon's own servers, and the sandbox; whether a bucket keeps versions is not asked for. */
export const ALL_CAPABILITIES: Capabilities = {
  conditionalCreate: true,
  conditionalReplace: true,
  conditionalCopy: true,
  conditionalDelete: true,
  bulkDelete: true,
  conditionalBulkDelete: true,
  tags: true,
  checksums: true,
  versions: null,
  storageClasses: true,
};

export type FindCapabilities = (bucket: string, key: string, call: CallOptions) => Promise<Capabilities>;

/**
 * Finds out once a bucket, also for many who ask at once, and keeps it as long as the client: servers are upgraded, so the
 * disk remembers none of it. What fails on the way (`probe` throws) is tried again by the next who asks.
 */
export function createCapabilities(known: Capabilities | undefined, probe: FindCapabilities): FindCapabilities {
  const found = new Map<string, Promise<Capabilities>>();
  return (bucket, key, { lane }) => {
    if (known !== undefined) return Promise.resolve(known);
    let finding = found.get(bucket);
    if (finding === undefined) {
      // Without the caller's signal: others may wait for it too, and it takes back what it has written.
      finding = probe(bucket, key, lane === undefined ? {} : { lane }).catch((failure: unknown) => {
        found.delete(bucket);
        throw failure;
      });
      found.set(bucket, finding);
    }
    return finding;
  };
}
