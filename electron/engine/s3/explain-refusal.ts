import { refusedByProxy, type Explanation } from './explain-transport.ts';
import { headerValue } from './object-headers.ts';
import { readTime, retryAfter, TOO_MANY_CODES, type Cause, type RefusedAnswer } from './read-refusal.ts';
import {
  article,
  bucketOf,
  capital,
  connectionOf,
  isUnnamed,
  permissionFor,
  placeOf,
  placeToCorrect,
  subject,
  what,
  type RequestContext,
} from './request-context.ts';

interface Refusal {
  readonly context: RequestContext;
  readonly answer: RefusedAnswer;
  readonly cause: Cause;
  readonly now: number;
  /** A sentence with the server's own words, which begins with a blank. */
  readonly said: string;
}

/** What an answer that is no success means. */
export function explainRefusal(context: RequestContext, answer: RefusedAnswer, cause: Cause, now: number): Explanation {
  const said =
    cause.text === null ? ` Its reason: ${cause.s3Code ?? 'none given'}.` : ` The server says: ${short(cause.text)}`;
  const explain = REFUSALS.get(cause.s3Code ?? '') ?? explainStatus;
  return explain({ context, answer, cause, now, said });
}

/** A server may say a page; the first sentences are enough. */
function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  if (line.length > LONGEST_SAYING) return `${line.slice(0, LONGEST_SAYING)}…`;
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

const LONGEST_SAYING = 300;

/** By S3's codes; each line holds those that mean the same. */
const REFUSALS: ReadonlyMap<string, (refusal: Refusal) => Explanation> = new Map(
  (
    [
      [['InvalidAccessKeyId'], unknownAccessKey],
      [['SignatureDoesNotMatch'], wrongSignature],
      [['RequestTimeTooSkewed', 'RequestExpired'], wrongClock],
      [['ExpiredToken', 'TokenRefreshRequired'], ({ context }) => uselessToken(context, 'has expired')],
      [['InvalidToken'], ({ context }) => uselessToken(context, 'is not valid')],
      [
        ['AuthorizationHeaderMalformed', 'PermanentRedirect', 'TemporaryRedirect', 'Redirect'].concat(
          'IllegalLocationConstraintException',
        ),
        wrongRegion,
      ],
      [['NoSuchBucket'], noSuchBucket],
      [
        ['NoSuchKey', 'NoSuchVersion'],
        ({ context }) => [
          'record-not-found',
          // A copy finds no source; what it writes need not be there.
          `There is no ${subject({ ...context, ...context.source }, false)}. It may have been deleted.`,
        ],
      ],
      [
        ['NoSuchUpload'],
        ({ context }) => [
          'record-not-found',
          `The upload of ${subject(context, false)} is not there any more: it was completed or removed. Begin it anew.`,
        ],
      ],
      [['PreconditionFailed', 'ConditionalRequestConflict'], conflict],
      [
        ['InvalidObjectState'],
        ({ context }) => [
          'record-archived',
          `${subject(context)} is archived and has to be restored before it can be read.`,
        ],
      ],
      [
        ['KeyTooLongError', 'XMinioInvalidObjectName', 'InvalidObjectName', 'InvalidURI'],
        ({ context, said }) => [
          'invalid-key',
          `The server does not take the key of ${subject(context, false)}. Choose another id.${said}`,
        ],
      ],
      [
        ['EntityTooLarge'],
        ({ context, said }) => [
          'record-too-large',
          `${subject(context)} is larger than the server takes in one request.${said}`,
        ],
      ],
      [[...TOO_MANY_CODES], tooMany],
      [
        ['RequestTimeout', 'RequestTimeTooLong'],
        ({ context }) => [
          'timed-out',
          `${context.endpoint} waited in vain for the rest of a request. Try again.`,
          true,
        ],
      ],
      [
        ['BadDigest', 'IncompleteBody', 'XAmzContentSHA256Mismatch'],
        ({ context }) => [
          'connection-lost',
          `${subject(context)} arrived damaged at ${context.endpoint}. Try again.`,
          true,
        ],
      ],
      [
        ['NotImplemented', 'MethodNotAllowed'],
        ({ context, said }) => [
          'unsupported-by-server',
          `${context.endpoint} cannot do this: ${what(context)}.${said}`,
        ],
      ],
      [
        ['InvalidBucketName'],
        ({ context }) => ['invalid-arguments', `"${context.bucket ?? ''}" cannot be the name of a bucket. Correct it.`],
      ],
      [
        ['BucketAlreadyExists', 'BucketAlreadyOwnedByYou'],
        ({ context }) => ['invalid-arguments', `There is already a ${bucketOf(context)}. Choose another name.`],
      ],
      [
        ['InvalidStorageClass'],
        ({ context, said }) => [
          'invalid-arguments',
          `${context.endpoint} does not take ${subject(context, false)} in the storage class that was asked for. Choose another one in the settings of the collection, or leave it to the server.${said}`,
        ],
      ],
      [
        ['InvalidEncryptionAlgorithmError', 'KMS.NotFoundException', 'KMS.DisabledException'].concat(
          ['KMS.KMSInvalidStateException', 'KMS.InvalidStateException', 'KMS.InvalidKeyUsageException'],
          ['KMS.KMSInvalidKeyUsageException', 'KMS.KeyUnavailableException'],
        ),
        ({ context, said }) => [
          'invalid-arguments',
          `${context.endpoint} cannot encrypt ${subject(context, false)} as was asked for. Correct encryption and key in the settings of the collection.${said}`,
        ],
      ],
      [
        ['InvalidTag', 'InvalidArgument', 'InvalidRange'],
        ({ context, said }) => ['invalid-arguments', `${context.endpoint} refuses ${what(context)}.${said}`],
      ],
      [
        ['AccessDenied', 'AllAccessDisabled', 'AccountProblem', 'UnauthorizedAccess'],
        ({ context, cause }) => denied(context, cause.text),
      ],
    ] satisfies readonly (readonly [readonly string[], (refusal: Refusal) => Explanation])[]
  ).flatMap(([codes, explain]) => codes.map((code) => [code, explain] as const)),
);

function unknownAccessKey({ context }: Refusal): Explanation {
  const place = placeToCorrect(context, 'AWS_ACCESS_KEY_ID');
  return [
    'unknown-access-key',
    `${context.endpoint} does not know the access key of ${connectionOf(context)}. Correct it in ${place}, or the endpoint: a key of one server means nothing to another.`,
  ];
}

function wrongSignature({ context }: Refusal): Explanation {
  const place = placeToCorrect(context, 'AWS_SECRET_ACCESS_KEY');
  return [
    'signature-mismatch',
    `${context.endpoint} refuses the signature of ${connectionOf(context)}: it knows the access key, so the secret key is another. Correct it in ${place}.`,
  ];
}

function wrongClock({ context, cause, now }: Refusal): Explanation {
  const serverTime = readTime(cause.serverTime);
  const theirs = serverTime === null ? 'another time' : isoTime(serverTime);
  const ours = isoTime(now - context.clockOffset);
  const times = `this computer says ${ours}, the server says ${theirs}, and they may differ by 15 minutes`;
  const tried = context.clockOffset === 0 ? '' : ', also when it is signed by the clock of the server';
  return [
    'clock-skewed',
    `${context.endpoint} refuses the time of the request${tried}: ${times}. Set the clock of this computer (on Linux: timedatectl set-ntp true), or have that of the server set.`,
  ];
}

function uselessToken(context: RequestContext, reason: string): Explanation {
  const place = isUnnamed(context)
    ? 'set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to the new keys'
    : 'enter the new keys in the settings of the connection';
  return [
    'token-expired',
    `The session token of ${connectionOf(context)} ${reason}. Sign in again where the keys come from, then ${place}.`,
  ];
}

function wrongRegion({ context, cause, said }: Refusal): Explanation {
  const place = context.bucket === null ? context.endpoint : capital(bucketOf(context));
  if (cause.region !== null && cause.region !== context.region) {
    const change = isUnnamed(context)
      ? `Add --region ${cause.region}.`
      : `Set the region of the connection to ${cause.region}.`;
    return [
      'wrong-region',
      `${place} is in region ${cause.region}, but ${connectionOf(context)} says ${context.region}. ${change}`,
    ];
  }
  if (cause.s3Code === 'AuthorizationHeaderMalformed' && !/region/i.test(cause.text ?? '')) {
    return ['signature-mismatch', `${context.endpoint} cannot read the access key of ${connectionOf(context)}.${said}`];
  }
  const change = isUnnamed(context) ? 'give it with --region' : 'enter it in the settings of the connection';
  const ask = context.bucket === null ? '' : ` (aws s3api get-bucket-location --bucket ${context.bucket} tells it)`;
  return [
    'wrong-region',
    `${place} is in another region than ${context.region}, and the server does not say which. Find its region${ask}, then ${change}.`,
  ];
}

function tooMany({ context, answer, now }: Refusal): Explanation {
  const wait = retryAfter(answer.headers, now) ?? 0;
  const when = wait < 60_000 ? 'in a moment' : `in ${Math.ceil(wait / 60_000)} minutes, as it says`;
  return ['throttled', `${context.endpoint} asks for fewer requests. Try again ${when}.`, true];
}

function noSuchBucket({ context }: Refusal): Explanation {
  const place = isUnnamed(context) ? context.endpoint : connectionOf(context);
  return [
    'no-such-bucket',
    `There is no ${bucketOf(context)} on ${place}. Check its name, and that this is the server that has it.`,
  ];
}

function conflict({ context, cause }: Refusal): Explanation {
  const ofSource = context.source !== null && /^x-amz-copy-source-/i.test(cause.condition ?? '');
  if (context.condition === 'if-none-match' && !ofSource) {
    return ['record-exists', `There is already ${article(subject(context, false))}. Choose another id, or open it.`];
  }
  const changed = ofSource || context.condition === null ? { ...context, ...context.source } : context;
  return [
    'record-changed',
    `${subject(changed)} was changed by someone else in the meantime. Reload it and apply the change again.`,
  ];
}

const TAG_OPERATIONS = new Set(['GetObjectTagging', 'PutObjectTagging', 'DeleteObjectTagging']);

function denied(context: RequestContext, text: string | null): Explanation {
  if (TAG_OPERATIONS.has(context.operation)) {
    const verb = context.operation === 'GetObjectTagging' ? 'read' : 'write';
    return [
      'tagging-denied',
      `The access key of ${connectionOf(context)} may not ${verb} the tags of ${subject(context, false)}.`,
    ];
  }
  // AWS names the action since 2021; other servers just say no, and then tags are the likelier reason.
  const action = /\bs3:\w+/.exec(text ?? '')?.[0];
  if (context.withTags && (action === undefined || action === 's3:PutObjectTagging')) {
    const reason = action === undefined ? 'write it with tags, or may not write it at all' : 'write its tags';
    return [
      'tagging-denied',
      `${subject(context)} was not written: the access key of ${connectionOf(context)} may not ${reason}. Save without tags (on the command line with --without-tags), or ask for the permission ${permissionFor(context, 's3:PutObjectTagging')}.`,
    ];
  }
  return [
    'access-denied',
    `The access key of ${connectionOf(context)} may not do this: ${what(context)}. Ask for the permission ${permissionFor(context, action)}.`,
  ];
}

/** What is no S3 error, or none that is known. */
function explainStatus(refusal: Refusal): Explanation {
  const { context, answer, cause, said } = refusal;
  const { endpoint, proxy } = context;
  if (proxy !== null && (answer.status === 407 || cause.s3Code === null)) {
    return refusedByProxy(proxy, answer.status, endpoint);
  }
  if (answer.status >= 500) {
    // A gateway in front of S3: whether S3 saw the request is not known.
    if (answer.status === 503) {
      return ['server-error', `${endpoint} is not available (503). Try again in a moment.`, true];
    }
    return [
      'server-error',
      `${endpoint} failed with ${answer.status} during: ${what(context)}.${said}`,
      answer.status !== 507 && answer.status !== 501,
    ];
  }
  if (answer.status === 429) return tooMany(refusal);
  if (cause.s3Code === null) return ['not-s3', explainNotS3(context, answer)];
  if (answer.status === 403) return denied(context, said);
  return ['server-error', `${endpoint} refuses ${what(context)} (${answer.status}).${said}`];
}

export function explainNotS3(context: RequestContext, answer: Pick<RefusedAnswer, 'status' | 'headers'>): string {
  const type = headerValue(answer.headers, 'content-type')?.split(';')[0] ?? 'nothing';
  return `${placeOf(context)} does not speak S3: it answered ${answer.status} with ${type}. Check the endpoint.`;
}

function isoTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
