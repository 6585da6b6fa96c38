import { Readable } from 'node:stream';
import { S3Client as SdkClient } from '@aws-sdk/client-s3';
import type { Execute, Operation } from './execute.ts';
import { createHeaderTexts, type HeaderTexts } from './header-text.ts';
import { oneLineEach } from './object-headers.ts';
import { errorCodeOf } from './read-refusal.ts';
import type { CallOptions, Credentials, S3Target } from './s3-client.ts';

// Which Node a later version of the SDK will want is no news for who runs this one, and it would stand in the output of
// the command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** A command as it was given: the object's own key, before the SDK made a path of it. */
interface Command {
  readonly name: string;
  readonly bucket: string | null;
  readonly key: string | null;
}

/** The part of the SDK's request that counts here: where it goes and who signs it is the fast lane's. */
interface SdkRequest {
  readonly method: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Of answers that are no object's body: those stream through the fast lane. */
const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** What the transport sets itself, or what only tells Amazon of the SDK. */
const OWN_HEADERS = new Set(['host', 'content-length', 'expect', 'user-agent', 'x-amz-user-agent', 'authorization']);

/** A client of the SDK belongs to one target, and to the calls that are made with the same options. */
export interface SdkLane {
  readonly target: S3Target;
  /** Scheme, host and port: only presigned addresses are made of it. */
  readonly endpoint: string;
  readonly execute: Execute;
  readonly credentials: () => Promise<Credentials>;
}

/**
 * Amazon's own client over the fast lane's `execute`: the SDK writes a command as a request and reads the answer, and
 * everything in between (address, signature, credentials, pacing, retry, proxy, time-outs, log, meter) is what all other
 * requests have. Its commands fail with `AppFailure` and `WriteInDoubt`, never with an error of the SDK. `call.signal`
 * stops all of its commands but AbortMultipartUpload: stopping that one too would leave the parts behind.
 *
 * Bodies are bytes or text. A stream has to be cut into parts (`@aws-sdk/lib-storage`): one that broke could not be sent
 * again, and its signature would have to be left out or written between its chunks.
 */
export function createSdkClient(lane: SdkLane, call: CallOptions): SdkClient {
  const { target } = lane;
  const checksums = target.endpoint === null ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  const commands = new WeakMap<object, Command>();
  const texts = createHeaderTexts();
  const client = new SdkClient({
    region: target.region,
    endpoint: lane.endpoint,
    forcePathStyle: true,
    credentials: async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await lane.credentials();
      return { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
    },
    signer: { sign: (request) => Promise.resolve(request) },
    maxAttempts: 1,
    // Amazon's servers alone are known to take and give checksums of all kinds.
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    // What the files and variables of Amazon's own tools say is not meant for this connection.
    retryMode: 'standard',
    defaultsMode: 'standard',
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    disableS3ExpressSessionAuth: true,
    requestHandler: {
      handle: async (request: SdkRequest, options?: { readonly abortSignal?: unknown }) => {
        const command = commands.get(request);
        if (command === undefined) throw new Error('a request of the SDK without its command');
        const own = options?.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
        const signal = command.name === 'AbortMultipartUpload' ? own : eitherOf(own, call.signal);
        const { signal: _, ...others } = call;
        const answer = await lane.execute(operationOf(command, request, texts), {
          ...others,
          ...(signal === undefined ? {} : { signal }),
        });
        return {
          response: {
            statusCode: answer.status,
            headers: oneLineEach(answer.headers),
            body: Readable.from(answer.body.byteLength === 0 ? [] : [answer.body]),
          },
        };
      },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  });
  // Last before the request leaves: the object that the handler gets.
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (step) => {
        const { request, input } = step;
        if (typeof request === 'object' && request !== null) {
          commands.set(request, { name: (commandName ?? '').replace(/Command$/, ''), ...placeOf(input) });
        }
        return next(step);
      },
    { step: 'deserialize', priority: 'low', name: 'rememberCommand' },
  );
  return client;
}

/** As the fast lane's own verbs (multipart/create-multipart-verbs.ts, tagging-verbs.ts). */
const REPEATABLE = new Set([
  'CreateMultipartUpload',
  'UploadPart',
  'AbortMultipartUpload',
  'PutObjectTagging',
  'DeleteObjectTagging',
]);

function placeOf(input: object): Pick<Command, 'bucket' | 'key'> {
  return {
    bucket: 'Bucket' in input && typeof input.Bucket === 'string' ? input.Bucket : null,
    key: 'Key' in input && typeof input.Key === 'string' ? input.Key : null,
  };
}

function operationOf({ name, bucket, key }: Command, request: SdkRequest, texts: HeaderTexts): Operation {
  const headers = headersOf(request, texts);
  const body = bodyOf(name, request.body);
  return {
    name,
    method: methodOf(request.method),
    bucket,
    key,
    query: queryOf(request),
    headers,
    ...(body === null ? {} : { body }),
    condition:
      headers['if-match'] !== undefined ? 'if-match' : headers['if-none-match'] !== undefined ? 'if-none-match' : null,
    ...(request.method === 'GET' ? {} : { errorIn: errorCodeOf }),
    repeatable: REPEATABLE.has(name),
    answerNeeded: name === 'CreateMultipartUpload',
    maximumBytes: MAXIMUM_ANSWER_BYTES,
  };
}

function methodOf(method: string): Operation['method'] {
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'PUT':
    case 'POST':
    case 'DELETE':
      return method;
    default:
      throw new Error(`S3 has no ${method}`);
  }
}

function queryOf({ query = {} }: SdkRequest): (readonly [string, string])[] {
  return Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one: string | null) => [name, one ?? ''] as const),
  );
}

function headersOf({ headers }: SdkRequest, texts: HeaderTexts): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (!OWN_HEADERS.has(lower) && !lower.startsWith('amz-sdk-')) sent[lower] = texts.write(value);
  }
  return sent;
}

function bodyOf(name: string, body: unknown): Uint8Array | null {
  if (body === undefined || body === null || body === '') return null;
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof Uint8Array) return body;
  throw new TypeError(`The body of ${name} is a stream: cut it into parts.`);
}

function eitherOf(own: AbortSignal | undefined, shared: AbortSignal | undefined): AbortSignal | undefined {
  return own !== undefined && shared !== undefined ? AbortSignal.any([own, shared]) : (own ?? shared);
}
