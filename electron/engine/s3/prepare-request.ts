import { createAddressing, regionOfAccessPoint, type Addressing } from './addressing.ts';
import type { Operation } from './execute.ts';
import type { RequestBody } from './request-body.ts';
import { ANONYMOUS, type Credentials, type S3Target } from './s3-client.ts';
import type { HttpRequest } from './send.ts';
import { createSigners } from './signing.ts';
import { canonicalQuery } from './uri-encoding.ts';

export interface PreparedRequest extends HttpRequest {
  readonly origin: string;
}

/** Makes signed requests of operations, each for the region of its bucket. */
export interface RequestPreparer {
  regionOf(bucket: string | null): string;
  /** For all later requests to the bucket; null for the connection's own again. */
  useRegion(bucket: string | null, region: string | null): void;
  /** Throws `URIError` for a key that is no text. */
  prepare(operation: Operation, credentials: Credentials, now: Date): PreparedRequest;
}

/** Hashing less costs less than a request does. */
const LARGE_BODY_BYTES = 1024 * 1024;

/** Amazon's own endpoint of a region, written out. */
const AMAZON = /^https:\/\/s3(?:-fips)?(?:\.dualstack)?[.-][a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;
/** What a server says becomes part of a host's name. */
const REGION = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function isRegion(text: string): boolean {
  return REGION.test(text);
}

export function createRequestPreparer(target: S3Target, addressing: Addressing): RequestPreparer {
  const signerOf = createSigners();
  const regions = new Map<string | null, string>();
  const addressings = new Map([[target.region, addressing]]);

  /** Another region of Amazon is another host; any other server stays where it is, and only the signature changes. */
  function addressingOf(region: string): Addressing {
    let made = addressings.get(region);
    if (made === undefined) {
      made = AMAZON.test(addressing.endpoint) ? createAddressing({ ...target, region, endpoint: null }) : addressing;
      addressings.set(region, made);
    }
    return made;
  }

  /** Only where a person chose it, and never where a body could be changed on the way. */
  const isLeftUnsigned = (body: RequestBody | null, origin: string): boolean =>
    target.network?.unsignedBodies === true &&
    origin.startsWith('https:') &&
    body !== null &&
    body.byteLength >= LARGE_BODY_BYTES;

  // Only who signs can be billed for it.
  const payer: Record<string, string> = target.requesterPays === true ? { 'x-amz-request-payer': 'requester' } : {};

  const regionOf = (bucket: string | null): string =>
    regions.get(bucket) ?? (bucket === null ? null : regionOfAccessPoint(bucket)) ?? target.region;

  return {
    regionOf,
    useRegion(bucket, region) {
      if (region === null) regions.delete(bucket);
      else regions.set(bucket, region);
    },
    prepare(operation, credentials, now) {
      const { method, bucket, key, body = null } = operation;
      const region = regionOf(bucket);
      const { origin, host, path } = addressingOf(region).locate(bucket, key);
      const query = canonicalQuery(operation.query ?? []);
      // Names first: each that follows a spread at the beginning costs Node's V8 (20 to 24) most of a microsecond, for a shape of its own.
      const headers: Record<string, string> = { host, 'user-agent': 'Dipper', ...payer, ...operation.headers };
      if (credentials !== ANONYMOUS) {
        const unsignedBody = isLeftUnsigned(body, origin);
        signerOf(credentials, region).sign({ method, path, query, headers, body, unsignedBody }, now);
      }
      return { method, path: query === '' ? path : `${path}?${query}`, headers, body, origin };
    },
  };
}
