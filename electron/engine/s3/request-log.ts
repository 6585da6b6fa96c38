import {
  matchesRequest,
  NOT_KEPT,
  type RequestEntry,
  type RequestFilter,
  type RequestPage,
} from '../../../shared/request-log.ts';
import type { AppError } from '../../../shared/result.ts';
import { headerValue, type AnswerHeaders } from './object-headers.ts';
import type { PreparedRequest } from './prepare-request.ts';
import type { RequestContext } from './request-context.ts';
import type { Lane } from './s3-client.ts';
import type { SendTrace } from './send.ts';
import { ownText } from './own-text.ts';

/** The last tries of all requests, in memory only. */
export interface RequestLog {
  /** A number for a request, shared by its tries. */
  nextRequest(): number;
  /** Called once a try has ended and it is known whether another follows. */
  record(ended: EndedTry): void;
  /** At most `most` tries, the oldest first. */
  list(after: number, filter: RequestFilter, most: number): RequestPage;
  clear(): void;
}

export interface EndedTry {
  /** Of `nextRequest`. */
  readonly number: number;
  /** One-based. */
  readonly attempt: number;
  readonly context: RequestContext;
  readonly request: PreparedRequest;
  readonly trace: SendTrace;
  readonly lane: Lane;
  readonly collection: string | null;
  readonly error: AppError | null;
  readonly triedAgain: boolean;
}

export interface RequestLogOptions {
  /** At most five times a second, with the sequence numbers of the oldest and the newest try that are kept. */
  readonly onChanged: (change: { readonly first: number; readonly last: number }) => void;
  readonly mostEntries?: number;
  /** About what the kept entries may take in memory. */
  readonly mostBytes?: number;
}

const MOST_ENTRIES = 5_000;
const MOST_BYTES = 16 * 1024 * 1024;
const CHANGED_EVERY = 200;

/** An entry without the texts that vary. */
const ENTRY_BYTES = 400;

const SENT = new Set([
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'content-type',
  'content-encoding',
  'content-language',
  'content-disposition',
  'content-md5',
  'cache-control',
  'expires',
  'x-amz-acl',
  'x-amz-copy-source',
  'x-amz-copy-source-if-match',
  'x-amz-metadata-directive',
  'x-amz-tagging-directive',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-checksum-algorithm',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-checksum-crc32',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-sha1',
  'x-amz-checksum-sha256',
]);

const RECEIVED = new Set([
  'date',
  'server',
  'retry-after',
  'etag',
  'last-modified',
  'content-length',
  'content-range',
  'content-type',
  'content-encoding',
  'content-language',
  'content-disposition',
  'cache-control',
  'expires',
  'x-localstack',
  'x-amz-request-id',
  'x-amz-id-2',
  'x-amz-bucket-region',
  'x-amz-version-id',
  'x-amz-delete-marker',
  'x-amz-storage-class',
  'x-amz-archive-status',
  'x-amz-restore',
  'x-amz-expiration',
  'x-amz-tagging-count',
  'x-amz-missing-meta',
  'x-amz-mp-parts-count',
  'x-amz-replication-status',
  'x-amz-website-redirect-location',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-checksum-type',
  'x-amz-checksum-crc32',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-sha1',
  'x-amz-checksum-sha256',
]);

/** Says that the keys were temporary ones; the token itself is as secret as the secret key. */
const SESSION_TOKEN = 'x-amz-security-token';

/** Of a presigned URL: who has these has the request. */
const SIGNED_QUERY = /(^|[?&])(X-Amz-(?:Signature|Credential|Security-Token)|Signature|AWSAccessKeyId)=[^&]*/gi;

export function createRequestLog(options: RequestLogOptions): RequestLog {
  const { onChanged, mostEntries = MOST_ENTRIES, mostBytes = MOST_BYTES } = options;
  // A queue on an array: `head` is the oldest; the dead front is cut off when it is as long as the living rest.
  let entries: RequestEntry[] = [];
  let sizes: number[] = [];
  let head = 0;
  let bytes = 0;
  let last = 0;
  let requests = 0;
  let toldAt = -Infinity;
  let telling: NodeJS.Timeout | null = null;

  const first = (): number => last - (entries.length - head) + 1;

  function dropOldest(): void {
    bytes -= sizes[head] ?? 0;
    head += 1;
    if (head < mostEntries) return;
    entries = entries.slice(head);
    sizes = sizes.slice(head);
    head = 0;
  }

  function tell(): void {
    telling = null;
    toldAt = performance.now();
    onChanged({ first: first(), last });
  }

  function changed(): void {
    if (telling !== null) return;
    const wait = toldAt + CHANGED_EVERY - performance.now();
    if (wait <= 0) return tell();
    telling = setTimeout(tell, wait);
    // A hint to a page is no reason for a process to live.
    telling.unref();
  }

  return {
    nextRequest() {
      requests += 1;
      return requests;
    },
    record(ended) {
      last += 1;
      const entry = toEntry(last, ended);
      const size = sizeOf(entry);
      entries.push(entry);
      sizes.push(size);
      bytes += size;
      while (entries.length - head > mostEntries || (bytes > mostBytes && entries.length - head > 1)) dropOldest();
      changed();
    },
    list(after, filter, most) {
      const wanted = filtered(entries.slice(head), filter).filter(({ sequence }) => sequence > after);
      const page = wanted.slice(0, most);
      return {
        entries: page,
        first: first(),
        last,
        next: page.length < wanted.length ? (page.at(-1)?.sequence ?? last) : last,
      };
    },
    clear() {
      entries = [];
      sizes = [];
      head = 0;
      bytes = 0;
      changed();
    },
  };
}

/** All tries of the requests that fit. */
function filtered(entries: readonly RequestEntry[], filter: RequestFilter): readonly RequestEntry[] {
  if (Object.keys(filter).length === 0) return entries;
  const tries = new Map<number, RequestEntry[]>();
  for (const entry of entries) {
    const known = tries.get(entry.request);
    if (known === undefined) tries.set(entry.request, [entry]);
    else known.push(entry);
  }
  return entries.filter(({ request }) => matchesRequest(tries.get(request) ?? [], filter));
}

function toEntry(sequence: number, ended: EndedTry): RequestEntry {
  const { context, request, trace, error } = ended;
  return {
    sequence,
    request: ended.number,
    attempt: ended.attempt,
    triedAgain: ended.triedAgain,
    started: trace.started,
    milliseconds: trace.endedAt - trace.startedAt,
    firstByteMilliseconds: trace.firstByteAt === null ? null : trace.firstByteAt - trace.startedAt,
    connection: context.connection,
    region: context.region,
    collection: ended.collection,
    lane: ended.lane,
    operation: context.operation,
    method: request.method,
    origin: request.origin,
    path: withoutSignature(request.path),
    bucket: context.bucket,
    key: context.key === null ? null : ownText(context.key),
    status: trace.status,
    failure: error === null ? null : error.code,
    s3Code: error?.detail?.s3Code ?? null,
    bytesUp: trace.sentAt !== null ? (request.body?.byteLength ?? 0) : 0,
    bytesDown: trace.bytesDown,
    requestId: headerValue(trace.headers, 'x-amz-request-id'),
    sentHeaders: allowedHeaders(request.headers, SENT),
    receivedHeaders: allowedHeaders(trace.headers, RECEIVED),
  };
}

/** A flat list of what is there already: lines made of it cost 2 µs more a request. */
function allowedHeaders(headers: AnswerHeaders, allowed: ReadonlySet<string>): readonly string[] {
  const kept: string[] = [];
  for (const name in headers) {
    if (allowed.has(name) || name.startsWith('x-amz-meta-')) kept.push(name, headerValue(headers, name) ?? '');
    else if (name === SESSION_TOKEN) kept.push(name, NOT_KEPT);
  }
  return kept;
}

function withoutSignature(path: string): string {
  // Two cheap looks, because nearly no request has any of it.
  if (!path.includes('ignature=') && !path.includes('oken=') && !path.includes('redential=')) return path;
  const query = path.indexOf('?');
  if (query === -1) return path;
  return path.slice(0, query) + path.slice(query).replaceAll(SIGNED_QUERY, `$1$2=${encodeURIComponent(NOT_KEPT)}`);
}

function sizeOf({ path, key, sentHeaders, receivedHeaders }: RequestEntry): number {
  let size = ENTRY_BYTES + path.length + (key?.length ?? 0);
  for (const text of sentHeaders) size += text.length;
  for (const text of receivedHeaders) size += text.length;
  return size;
}
