import { S3Failure } from '../s3-failure.ts';
import { parameter, type S3Request } from './s3-request.ts';

/** What a request says of its own signature, in the Authorization header or (presigned) in its query. */
export interface Authorization {
  readonly place: 'header' | 'query';
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As sent, `YYYYMMDDTHHMMSSZ` where it is well formed. */
  readonly instant: string | undefined;
  /** Seconds from the instant; null where the signature is good for the usual quarter of an hour. */
  readonly expires: number | null;
  readonly payloadHash: string | undefined;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
const LONGEST_EXPIRES = 7 * 24 * 3600;
const CREDENTIAL_FORM = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';

/** Throws S3's own failures, `AccessDenied` where there is no signature at all. */
export function readAuthorization(request: S3Request): Authorization {
  const header = request.headers.get('authorization');
  const inQuery = isPresigned(request) || parameter(request, 'AWSAccessKeyId') !== null;
  if (header !== undefined && inQuery) {
    throw new S3Failure(
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      { ArgumentName: 'Authorization', ArgumentValue: header },
    );
  }
  if (isPresigned(request)) return readQuery(request);
  if (header === undefined && !inQuery) throw new S3Failure('AccessDenied', 'Access Denied.');
  if (header === undefined || !header.startsWith(`${ALGORITHM} `)) {
    throw new S3Failure(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Use ${ALGORITHM}.`,
    );
  }
  return readHeader(request, header);
}

export function isPresigned(request: S3Request): boolean {
  return parameter(request, 'X-Amz-Algorithm') !== null;
}

/** What is wrong with the credential's scope, as S3 says it of a header and of a query. */
export function malformedAuthorization(
  place: Authorization['place'],
  why: string,
  facts: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): S3Failure {
  return place === 'header'
    ? new S3Failure('AuthorizationHeaderMalformed', `The authorization header is malformed; ${why}`, facts, headers)
    : queryMalformed(`Error parsing the X-Amz-Credential parameter; ${why}`, facts, headers);
}

function readHeader(request: S3Request, header: string): Authorization {
  const parts = new Map<string, string>();
  for (const part of header.slice(ALGORITHM.length + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals !== -1) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const scope = readCredential('header', parts.get('Credential') ?? '');
  const signedHeaders = parts.get('SignedHeaders')?.split(';');
  const signature = parts.get('Signature');
  if (signedHeaders === undefined || signature === undefined) {
    throw malformedAuthorization('header', 'it lacks one of Credential, SignedHeaders and Signature.');
  }
  return {
    place: 'header',
    ...scope,
    signedHeaders,
    signature,
    instant: request.headers.get('x-amz-date') ?? dateHeaderInstant(request.headers.get('date')),
    expires: null,
    payloadHash: request.headers.get('x-amz-content-sha256'),
  };
}

function readQuery(request: S3Request): Authorization {
  const [algorithm, credential, instant, expires, signed, signature] = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
  ].map((name) => parameter(request, name) ?? '');
  if (!algorithm || !credential || !instant || !expires || !signed || !signature) {
    throw queryMalformed(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  if (algorithm !== ALGORITHM) throw queryMalformed(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  const signedHeaders = signed.split(';');
  const hashHeader = signedHeaders.includes('x-amz-content-sha256')
    ? request.headers.get('x-amz-content-sha256')
    : undefined;
  return {
    place: 'query',
    ...readCredential('query', credential),
    signedHeaders,
    signature,
    instant,
    expires: readExpires(expires),
    // Who makes a link to write to does not know the body that will be written.
    payloadHash: parameter(request, 'X-Amz-Content-Sha256') ?? hashHeader ?? 'UNSIGNED-PAYLOAD',
  };
}

function readCredential(
  place: Authorization['place'],
  credential: string,
): Pick<Authorization, 'accessKeyId' | 'date' | 'region' | 'service' | 'terminator'> {
  const parts = credential.split('/');
  // A key may hold slashes.
  const [date, region, service, terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (accessKeyId === '' || date === undefined || region === undefined) {
    throw malformedAuthorization(place, CREDENTIAL_FORM);
  }
  if (service === undefined || terminator === undefined) throw malformedAuthorization(place, CREDENTIAL_FORM);
  return { accessKeyId, date, region, service, terminator };
}

function readExpires(text: string): number {
  if (!/^-?\d+$/.test(text)) throw queryMalformed('X-Amz-Expires should be a number');
  const seconds = Number(text);
  if (seconds < 0) throw queryMalformed('X-Amz-Expires must be non-negative');
  if (seconds > LONGEST_EXPIRES) {
    throw queryMalformed(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  return seconds;
}

function dateHeaderInstant(header: string | undefined): string | undefined {
  const milliseconds = Date.parse(header ?? '');
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, '');
}

function queryMalformed(
  message: string,
  facts: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): S3Failure {
  return new S3Failure('AuthorizationQueryParametersError', message, facts, headers);
}
