import type { Capabilities } from '../../../shared/capabilities.ts';
import type { CallOptions, S3Target } from './s3-client.ts';

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

export const NOTHING_KNOWN: Capabilities = {
  conditionalCreate: null,
  conditionalReplace: null,
  conditionalCopy: null,
  conditionalDelete: null,
  bulkDelete: null,
  conditionalBulkDelete: null,
  tags: null,
  checksums: null,
  versions: null,
  storageClasses: null,
};

export type FindCapabilities = (
  bucket: string,
  key: string,
  /** `held`: what is known without a trial. */
  call: CallOptions & { readonly held?: boolean },
) => Promise<Capabilities>;

export interface CapabilityKeeper {
  readonly find: FindCapabilities;
  /** What somebody found out meanwhile takes the place of what was known of the bucket. */
  keep(bucket: string, found: Capabilities): void;
}

/**
 * Finds out once a bucket, also for many who ask at once, and keeps it as long as the client: servers are upgraded, so the
 * disk remembers none of it. What fails on the way (`probe` throws) is tried again by the next who asks. `lacks`: what such
 * a server is known not to have, which counts also where these keys could not try it.
 */
export function createCapabilities(
  { capabilities: known, lacks = [] }: Pick<S3Target, 'capabilities' | 'lacks'>,
  probe: FindCapabilities,
): CapabilityKeeper {
  const without = (seen: Capabilities): Capabilities =>
    lacks.reduce((rest, capability) => ({ ...rest, [capability]: false }), seen);
  const found = new Map<string, Promise<Capabilities>>();
  return {
    find: (bucket, key, { lane, held }) => {
      let finding = found.get(bucket);
      if (finding === undefined) {
        if (known !== undefined) return Promise.resolve(known);
        if (held === true) return Promise.resolve(without(NOTHING_KNOWN));
        // Without the caller's signal: others may wait for it too, and it takes back what it has written.
        finding = probe(bucket, key, lane === undefined ? {} : { lane }).then(without, (failure: unknown) => {
          found.delete(bucket);
          throw failure;
        });
        found.set(bucket, finding);
      }
      return finding;
    },
    keep: (bucket, seen) => {
      found.set(bucket, Promise.resolve(known === undefined ? without(seen) : { ...known, ...knownOf(seen) }));
    },
  };
}

/** Without what nobody could find out. */
function knownOf(seen: Capabilities): Partial<Capabilities> {
  return Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== null));
}
