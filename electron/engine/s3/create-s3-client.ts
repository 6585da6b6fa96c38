import { setTimeout as sleep } from 'node:timers/promises';
import { createAddressing } from './addressing.ts';
import { createBucketVerbs } from './bucket-verbs.ts';
import { createCapabilities } from './capabilities.ts';
import { trusting } from './certificates.ts';
import { createCredentialKeeper } from './credentials.ts';
import { createExecute, type Machinery } from './execute.ts';
import { createGreeting } from './greet-server.ts';
import { createHeaderTexts } from './header-text.ts';
import { createListing } from './listing/list-objects.ts';
import { createMultipartVerbs } from './multipart/create-multipart-verbs.ts';
import { createObjectVerbs } from './object-verbs.ts';
import { probeCapabilities } from './probe-capabilities.ts';
import { createPools, DEFAULT_TIMEOUTS, type Timeouts, type Way } from './pools.ts';
import { chooseProxies, NO_PROXIES, type ProxySettings } from './proxy.ts';
import type { RequestLog } from './request-log.ts';
import type { RequestObserver, S3Client, S3Target } from './s3-client.ts';
import { createTaggingVerbs } from './tagging-verbs.ts';
import { createVersionVerbs } from './version-verbs.ts';

export interface S3ClientOptions {
  /** Where every try is noted. */
  readonly log?: RequestLog;
  /** For a ledger. */
  readonly onRequest?: RequestObserver;
  readonly timeouts?: Partial<Timeouts>;
  /** Default: none. */
  readonly proxies?: ProxySettings;
  /**
   * Default true: a bucket that its server says is in another region is asked for there. False where a person is to hear
   * of it, to correct the connection.
   */
  readonly followsRegion?: boolean;
  /** For tests: the clock that signs, the dice of the retry pauses, and the pauses themselves. */
  readonly now?: () => Date;
  readonly random?: () => number;
  readonly pause?: Machinery['pause'];
}

/** The fast lane. Opens no socket until the first call. Throws `invalid-arguments` for an endpoint that is no base URL. */
export function createS3Client(target: S3Target, options: S3ClientOptions = {}): S3Client {
  const random = options.random ?? Math.random;
  const pools = createPools(
    target.maxWorkers,
    { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    wayTo(target, options.proxies ?? NO_PROXIES),
    random,
  );
  const now = options.now ?? (() => new Date());
  const addressing = createAddressing(target);
  const credentials = createCredentialKeeper(target.credentials, () => now().getTime());
  const execute = createExecute({
    target,
    addressing,
    credentials,
    pools,
    log: options.log ?? null,
    onRequest: options.onRequest ?? null,
    followsRegion: options.followsRegion ?? true,
    now,
    random,
    pause: options.pause ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal })),
  });
  const listing = createListing(execute);
  const texts = createHeaderTexts();
  const objects = createObjectVerbs(execute, texts, target.capabilities?.checksums === true);
  const tagging = createTaggingVerbs(execute);
  const versions = createVersionVerbs(execute);
  const probed = { ...objects, ...tagging, ...versions };
  const capabilities = createCapabilities(target, async (bucket, beside, call) => {
    const examination = await probeCapabilities(probed, execute, bucket, beside, call);
    return examination.capabilities;
  });
  return {
    ...objects,
    ...createMultipartVerbs(execute, texts),
    ...tagging,
    ...versions,
    ...listing,
    ...createBucketVerbs(execute, target, listing.listObjectsV2),
    capabilities: capabilities.find,
    examine: async (bucket, beside, call) => {
      const examination = await probeCapabilities(probed, execute, bucket, beside, { ...call, thorough: true });
      capabilities.keep(bucket, examination.capabilities);
      return examination;
    },
    ...createGreeting({ target, addressing, pools, execute, now }),
    sdkClient: async (call) => {
      // Loading it takes longer than the rest of Dipper together: only who needs it waits for it.
      const { createSdkClient } = await import('./sdk-client.ts');
      return createSdkClient(
        { target, endpoint: addressing.endpoint, execute, credentials: () => credentials.load() },
        call,
      );
    },
    bulkLimit: () => pools.gate('bulk').limit,
    retire: () => pools.retire(),
    close: () => pools.close(),
  };
}

function wayTo({ network }: S3Target, environment: ProxySettings): Way {
  if (network === undefined) return { proxies: environment };
  return {
    proxies: chooseProxies(network.proxy, environment),
    ...(network.certificates === null ? {} : { secureContext: trusting(network.certificates) }),
  };
}
