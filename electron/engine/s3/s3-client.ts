import type { S3Client as SdkClient } from '@aws-sdk/client-s3';
import type { RestoreTier } from '../../../shared/job.ts';
import type { AmazonEndpoint } from '../../../shared/connection.ts';
import type { Encryption } from '../../../shared/collection.ts';
import type { ObjectFacts, Tag } from '../../../shared/record.ts';
import type { AppError } from '../../../shared/result.ts';
import type { Capabilities, Capability } from '../../../shared/capabilities.ts';
import type { FindCapabilities } from './capabilities.ts';
import type { ChecksumAlgorithm } from './checksum.ts';
import type { MultipartVerbs } from './multipart/multipart-verbs.ts';
import type { Examination, Trial, TrialName } from './probe-capabilities.ts';
import type { ServerReached } from './reach-server.ts';
import type { RequestMeter } from './request-meter.ts';

/**
 * The S3 verbs that the engine uses, by S3's operation names. Every failure is an `AppFailure` (errors.ts). Reads are
 * tried three times where that can help; a PUT or DELETE whose outcome is unknown throws `WriteInDoubt` (write-in-doubt.ts).
 */
export interface S3Client extends MultipartVerbs {
  /** The whole body in memory, as stored (content encoding not undone). `maximumBytes`: refuse more (`record-too-large`). */
  getObject(bucket: string, key: string, options: GetOptions): Promise<FoundObject>;
  /** Null where the object still has this ETag (304): no body is sent then. */
  getObjectIfChanged(bucket: string, key: string, etag: string, options: GetOptions): Promise<FoundObject | null>;
  headObject(bucket: string, key: string, options: HeadOptions): Promise<ObjectHead>;
  putObject(bucket: string, key: string, body: Uint8Array, options: PutOptions): Promise<PutAnswer>;
  deleteObject(bucket: string, key: string, options: DeleteOptions): Promise<void>;
  /**
   * At most 1,000 in one request; one outcome for each target, in their order. What is not there counts as deleted
   * (with an ETag: `record-not-found`). Keys that XML cannot carry (`canBeInXml`) are not sent: `invalid-key`.
   * No key (or version) twice. Not every server looks at the ETags: LocalStack 4.14 deletes without.
   */
  deleteObjects(
    bucket: string,
    targets: readonly DeleteTarget[],
    options: CallOptions,
  ): Promise<readonly DeletedObject[]>;
  /** On the server, up to 5 GiB. `record-changed` where source or target is another than the options say. */
  copyObject(bucket: string, key: string, source: CopySource, options: CopyOptions): Promise<PutAnswer>;
  /** One page of at most 1,000 keys in UTF-8 order. */
  listObjectsV2(bucket: string, options: ListOptions): Promise<ListPage>;
  /** All pages, one after the other; a page at a time in memory. */
  listAllObjects(bucket: string, options: ListOptions): AsyncGenerator<ListPage, void, undefined>;
  /** The same objects by many requests at once, so in no order; some 32 pages in memory. */
  listAllObjectsAtOnce(
    bucket: string,
    options: Omit<ListOptions, 'delimiter' | 'continuationToken'>,
  ): AsyncGenerator<UnorderedPage, void, undefined>;
  /** Versions and delete markers by keys, the latest of a key first; a page at a time in memory. */
  listObjectVersions(
    bucket: string,
    options: CallOptions & { readonly prefix?: string; readonly maxKeys?: number },
  ): AsyncGenerator<readonly ListedVersion[], void, undefined>;
  /** Whether what is written over or deleted stays as a version. */
  getBucketVersioning(bucket: string, options: CallOptions): Promise<'off' | 'enabled' | 'suspended'>;
  /** Asks for a copy of an archived object that can be read, for some days. */
  restoreObject(bucket: string, key: string, options: RestoreOptions): Promise<RestoreAnswer>;
  getObjectTagging(bucket: string, key: string, options: CallOptions): Promise<readonly Tag[]>;
  /** Replaces all tags. Does not change the ETag. */
  putObjectTagging(bucket: string, key: string, tags: readonly Tag[], options: CallOptions): Promise<void>;
  deleteObjectTagging(bucket: string, key: string, options: CallOptions): Promise<void>;
  listBuckets(options: CallOptions): Promise<readonly string[]>;
  headBucket(bucket: string, options: CallOptions): Promise<void>;
  createBucket(bucket: string, options: CallOptions): Promise<void>;
  /**
   * What the server can do in a bucket: known beforehand of Amazon's servers and the sandbox; of others it is tried out
   * once, with an object of our own in the folder of `key` (probe-capabilities.ts), so only before something is written.
   */
  readonly capabilities: FindCapabilities;
  /**
   * The same tried out anew, with what each trial came to, and kept for `capabilities`. `thorough`: reads and tags the object
   * too. `onTrial` hears of each trial as it ends.
   */
  examine(bucket: string, key: string, options: ExamineOptions): Promise<Examination>;
  /** Opens one socket, without a request. Throws what stands in the way. */
  reach(options: CallOptions): Promise<ServerReached>;
  /** Who answers, and how far its clock is from this computer's: one request without a signature, whatever it answers. */
  greet(options: CallOptions): Promise<Greeting>;
  /** Requests of the bulk lane that are let through at once now: who begins more than that only has them wait. */
  bulkLimit(): number;
  /** Amazon's own client for what is rare or streams in, over the same sockets, signatures and retries (sdk-client.ts). */
  sdkClient(options: CallOptions): Promise<SdkClient>;
  /**
   * The server is gone: requests under way end by themselves, later ones are still sent. Resolves when none is under way
   * any more and the sockets are closed.
   */
  retire(): Promise<void>;
  /** Closes all sockets; requests under way fail with `aborted`. */
  close(): Promise<void>;
}

export interface ExamineOptions extends CallOptions {
  readonly onTrial?: (name: TrialName, trial: Trial) => void;
}

export interface Greeting {
  /** The `Server` header; null where there is none. */
  readonly server: string | null;
  /** Milliseconds that the server's clock is ahead, to a second; null where the answer has no time. */
  readonly clockOffset: number | null;
}

/** `interactive` is a person's click, `bulk` a sync: separate pools, so that a sync cannot starve a click. */
export type Lane = 'interactive' | 'bulk';

/**
 * Hears of every request that was sent, once it has ended. `storageClass`: of the object that was written or read, null
 * where none was named. `bytesUp`, `bytesDown`: of the bodies.
 */
export type RequestObserver = (
  operation: string,
  storageClass: string | null,
  bytesUp: number,
  bytesDown: number,
) => void;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Default `interactive`. */
  readonly lane?: Lane;
  /** Counts this call's requests and bytes. */
  readonly meter?: RequestMeter;
}

export interface HeadOptions extends CallOptions {
  /** `record-changed` where the object has another ETag. */
  readonly ifMatch?: string;
  /** Default: the current one. */
  readonly versionId?: string;
}

export interface GetOptions extends HeadOptions {
  readonly maximumBytes?: number;
  /** `bytes=0-1023`. */
  readonly range?: string;
}

export interface ObjectHead extends ObjectFacts {
  /** `x-amz-tagging-count`; 0 where the header is absent. */
  readonly tagCount: number;
}

export interface FoundObject {
  readonly head: ObjectHead;
  readonly body: Uint8Array;
}

/** Everything that a PUT says of an object; what is left out is erased by S3. */
export interface ObjectHeaders {
  readonly contentType?: string | null;
  readonly contentEncoding?: string | null;
  readonly contentLanguage?: string | null;
  readonly contentDisposition?: string | null;
  readonly cacheControl?: string | null;
  readonly expires?: string | null;
  readonly websiteRedirect?: string | null;
  readonly userMetadata?: readonly Tag[];
  readonly storageClass?: string | null;
  readonly encryption?: Encryption | null;
  /** Sent in `x-amz-tagging`, so that body and tags are written at once. */
  readonly tags?: readonly Tag[];
}

export interface PutOptions extends CallOptions {
  readonly headers?: ObjectHeaders;
  /** `record-changed` when the object has another ETag (412), `record-not-found` when it is gone (404). */
  readonly ifMatch?: string;
  /** Only `*`: `record-exists` when there is an object already (412, or 409 while another write is under way). */
  readonly ifNoneMatch?: '*';
  /**
   * Kept by the server with the object, which refuses a body that does not fit. The signature covers the body anyhow; this
   * is for who reads it later.
   */
  readonly checksum?: ChecksumAlgorithm;
}

export interface PutAnswer {
  readonly etag: string;
  readonly versionId: string | null;
  /** By the server's clock, to a second or two: an answer has the time of itself, not of the object. */
  readonly lastModified?: number | null;
}

export interface DeleteOptions extends CallOptions {
  readonly ifMatch?: string;
  /** This one for good; default: the current one, which leaves a delete marker in a bucket with versions. */
  readonly versionId?: string;
}

export interface DeleteTarget {
  readonly key: string;
  readonly etag?: string;
  readonly versionId?: string;
}

export interface DeletedObject {
  readonly key: string;
  /** Of the delete marker that was made, or of the version that was deleted; null in a bucket without versions. */
  readonly versionId: string | null;
  readonly deleteMarker: boolean;
  /** Null where it was deleted. */
  readonly error: AppError | null;
}

/** A version of an object, or the mark of its deletion. */
export interface ListedVersion {
  readonly key: string;
  /** `null` for what was written while the bucket kept no versions. */
  readonly versionId: string;
  readonly isLatest: boolean;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** Null for a delete marker. */
  readonly object: { readonly etag: string; readonly size: number; readonly storageClass: string } | null;
}

export interface RestoreOptions extends CallOptions {
  readonly days: number;
  readonly tier: RestoreTier;
  readonly versionId?: string;
}

/** `begun`: it takes hours; `extended`: there was one, which stays longer; `pending`: one is on its way already. */
export type RestoreAnswer = 'begun' | 'extended' | 'pending';

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** What is copied has this ETag. */
  readonly ifMatch?: string;
}

export interface CopyOptions extends CallOptions {
  /** All that the copy says of itself; default: what the source says (but its website redirect). */
  readonly headers?: Omit<ObjectHeaders, 'storageClass' | 'encryption' | 'tags'>;
  /** Default: those of the source. */
  readonly tags?: readonly Tag[];
  /** Default: STANDARD, whatever the source's. */
  readonly storageClass?: string | null;
  /** Default: that of the bucket. */
  readonly encryption?: Encryption | null;
  /** Of what is replaced; Ceph (19.2) does not look at it. */
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
}

export interface ListOptions extends CallOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly startAfter?: string;
  readonly continuationToken?: string;
  readonly maxKeys?: number;
}

export interface ListedObject {
  readonly key: string;
  /** With quotes. */
  readonly etag: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly storageClass: string;
}

export interface ListPage {
  readonly objects: readonly ListedObject[];
  readonly commonPrefixes: readonly string[];
  /** True where the server says that more keys follow, also when it forgets the token. */
  readonly truncated: boolean;
  readonly nextContinuationToken: string | null;
}

export interface UnorderedPage {
  readonly objects: readonly ListedObject[];
  /** The server keeps no order that could be relied on: a key may come again. */
  readonly mayRepeat: boolean;
  /** The listing begins again, for that reason: the pages before count no more. */
  readonly startsAgain: boolean;
}

/** Where requests go and who signs them. The secret stays in this object, in the keeper of credentials and in the signer. */
export interface S3Target {
  /** Base URL without a path, such as `http://127.0.0.1:4566`; null for AWS, made from the region. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly credentials: Credentials | CredentialProvider;
  /** Name of the connection, for messages. */
  readonly name: string;
  readonly maxWorkers: number | null;
  /** Refuses whatever is no reading before it is sent, whoever asks; left out: no. */
  readonly readOnly?: boolean;
  /** Left out: as this computer reaches every other server. */
  readonly network?: TargetNetwork;
  /** Where the endpoint is null: which of Amazon's addresses; left out: the usual one of the region. */
  readonly amazon?: AmazonEndpoint;
  /** Whoever asks pays for the requests to buckets of others; left out: no. */
  readonly requesterPays?: boolean;
  /** What is known of the server beforehand; left out, it is tried out before the first write. */
  readonly capabilities?: Capabilities;
  /** What such servers are known to lack, whatever a trial shows; left out, nothing. */
  readonly lacks?: readonly Capability[];
}

export interface TargetNetwork {
  /** `system`, `none` or the address of an HTTP proxy. */
  readonly proxy: string;
  /** PEM text of certificates that are trusted besides the usual ones. */
  readonly certificates: string | null;
  /** Large bodies are sent with `UNSIGNED-PAYLOAD`, over TLS alone. */
  readonly unsignedBodies: boolean;
}

/** Of nobody: requests that have them are not signed. */
export const ANONYMOUS: Credentials = { accessKeyId: '', secretAccessKey: '', sessionToken: null };

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

/** Where credentials come from that end by themselves. */
export interface CredentialProvider {
  /** Tells one from another: a target with another provider gets another client. */
  readonly name: string;
  /**
   * What is valid from now on; `refused`: not these, which the server takes for expired before their time. Throws
   * `credentials-missing`.
   */
  fetch(refused?: Credentials): Promise<ExpiringCredentials>;
}

export interface ExpiringCredentials {
  readonly credentials: Credentials;
  /** Milliseconds since 1970; null for never. */
  readonly expiresAt: number | null;
}
