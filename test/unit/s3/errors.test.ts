import { describe, expect, test } from 'vitest';
import { failureOfAnswer, failureOfTransport, notS3 } from '../../../electron/engine/s3/errors.ts';
import type { RefusedAnswer } from '../../../electron/engine/s3/read-refusal.ts';
import type { RequestContext } from '../../../electron/engine/s3/request-context.ts';
import type { AppError } from '../../../shared/result.ts';

const NOW = Date.UTC(2026, 10, 25, 3, 26, 18);
const context: RequestContext = {
  connection: 'Warehouse',
  endpoint: 'http://127.0.0.1:9000',
  region: 'us-east-1',
  proxy: null,
  clockOffset: 0,
  operation: 'GetObject',
  bucket: 'samples',
  key: 'movies/1.json',
  source: null,
  condition: null,
  withTags: false,
};

function explain(answer: Partial<RefusedAnswer>, about: Partial<RequestContext> = {}): AppError {
  return failureOfAnswer({ ...context, ...about }, { status: 400, headers: {}, body: '', ...answer }, NOW).failure
    .error;
}
const xml = (code: string, rest = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code>${rest}<RequestId>R1</RequestId></Error>`;

describe('a refusal', () => {
  test('of S3 says what failed, on what, and what to do', () => {
    const error = explain({
      status: 404,
      body: xml('NoSuchBucket', '<Message>The specified bucket does not exist</Message>'),
    });
    expect(error).toEqual({
      code: 'no-such-bucket',
      message:
        'There is no bucket "samples" on connection "Warehouse". Check its name, and that this is the server that has it.',
      retryable: false,
      detail: {
        operation: 'GetObject',
        endpoint: 'http://127.0.0.1:9000',
        bucket: 'samples',
        key: 'movies/1.json',
        status: 404,
        s3Code: 'NoSuchBucket',
        requestId: 'R1',
      },
    });
  });

  test('for skewed clocks tells both times', () => {
    const error = explain({
      status: 403,
      body: xml(
        'RequestTimeTooSkewed',
        '<RequestTime>20261125T032618Z</RequestTime><ServerTime>2026-11-25T05:00:00Z</ServerTime>',
      ),
    });
    expect(error.code).toBe('clock-skewed');
    expect(error.message).toContain('this computer says 2026-11-25T03:26:18Z, the server says 2026-11-25T05:00:00Z');
  });

  test.each([
    [
      'in the body',
      {
        status: 400,
        body: xml(
          'AuthorizationHeaderMalformed',
          "<Message>the region 'us-east-1' is wrong; expecting 'eu-west-1'</Message><Region>eu-west-1</Region>",
        ),
      },
      {},
    ],
    [
      'in a header',
      { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' }, body: xml('PermanentRedirect') },
      {},
    ],
    [
      'as an endpoint',
      { status: 301, body: xml('PermanentRedirect', '<Endpoint>samples.s3-eu-west-1.amazonaws.com</Endpoint>') },
      {},
    ],
    [
      'to a HEAD',
      { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } },
      { operation: 'HeadBucket', key: null },
    ],
    [
      'to a HEAD with 400',
      { status: 400, headers: { 'x-amz-bucket-region': 'eu-west-1' } },
      { operation: 'HeadBucket', key: null },
    ],
  ])('for the wrong region names the right one, given %s', (_, answer, about) => {
    const error = explain(answer, about);
    expect([error.code, error.detail?.region]).toEqual(['wrong-region', 'eu-west-1']);
    expect(error.message).toContain('Set the region of the connection to eu-west-1.');
  });

  test.each([
    ['unknown-access-key', { status: 403, body: xml('InvalidAccessKeyId') }, {}],
    ['signature-mismatch', { status: 403, body: xml('SignatureDoesNotMatch') }, {}],
    [
      'signature-mismatch',
      { status: 400, body: xml('AuthorizationHeaderMalformed', '<Message>the Credential is mal-formed</Message>') },
      {},
    ],
    ['token-expired', { status: 400, body: xml('ExpiredToken') }, {}],
    ['access-denied', { status: 403, body: xml('AccessDenied') }, {}],
    ['access-denied', { status: 403 }, { operation: 'HeadObject' }],
    [
      'access-denied',
      { status: 403, body: xml('AccessDenied', '<Message>not authorized to perform: s3:PutObject</Message>') },
      { operation: 'PutObject', withTags: true },
    ],
    [
      'tagging-denied',
      { status: 403, body: xml('AccessDenied', '<Message>not authorized to perform: s3:PutObjectTagging</Message>') },
      { operation: 'PutObject', withTags: true },
    ],
    ['tagging-denied', { status: 403, body: xml('AccessDenied') }, { operation: 'PutObject', withTags: true }],
    ['tagging-denied', { status: 403, body: xml('AccessDenied') }, { operation: 'GetObjectTagging' }],
    [
      'clock-skewed',
      { status: 403, headers: { date: 'Wed, 25 Nov 2026 09:00:00 GMT' } },
      { operation: 'HeadBucket', key: null },
    ],
    ['no-such-bucket', { status: 404 }, { operation: 'HeadBucket', key: null }],
    ['record-not-found', { status: 404 }, { operation: 'HeadObject' }],
    ['record-not-found', { status: 404, body: xml('NoSuchKey') }, {}],
    ['record-not-found', { status: 405, headers: { 'x-amz-delete-marker': 'true' } }, { operation: 'HeadObject' }],
    [
      'record-changed',
      { status: 412, body: xml('PreconditionFailed') },
      { operation: 'PutObject', condition: 'if-match' as const },
    ],
    [
      'record-changed',
      { status: 409, body: xml('ConditionalRequestConflict') },
      { operation: 'PutObject', condition: 'if-match' as const },
    ],
    [
      'record-exists',
      { status: 412, body: xml('PreconditionFailed') },
      { operation: 'PutObject', condition: 'if-none-match' as const },
    ],
    [
      'record-exists',
      { status: 409, body: xml('ConditionalRequestConflict') },
      { operation: 'PutObject', condition: 'if-none-match' as const },
    ],
    ['record-archived', { status: 403, body: xml('InvalidObjectState') }, {}],
    ['record-too-large', { status: 400, body: xml('EntityTooLarge') }, { operation: 'PutObject' }],
    ['invalid-key', { status: 400, body: xml('KeyTooLongError') }, { operation: 'PutObject' }],
    ['unsupported-by-server', { status: 501, body: xml('NotImplemented') }, { operation: 'PutObject' }],
    ['throttled', { status: 503, body: xml('SlowDown') }, {}],
    ['server-error', { status: 500, body: xml('InternalError') }, {}],
    ['server-error', { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' }, {}],
    ['not-s3', { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Not found</html>' }, {}],
    ['not-s3', { status: 400, headers: { 'content-type': 'application/json' }, body: '{"error":"no"}' }, {}],
    ['not-s3', { status: 403 }, {}],
  ])('is %s: %j %j', (code, answer, about) => {
    expect(explain(answer, about).code).toBe(code);
  });

  test('of a server that is no S3 names what came instead', () => {
    expect(notS3(context, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }).error.message).toBe(
      'http://127.0.0.1:9000 (connection "Warehouse") does not speak S3: it answered 200 with text/html. Check the endpoint.',
    );
  });
});

describe('a failure on the way', () => {
  const CODES = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'CONNECT_TIMEOUT',
    'HEADERS_TIMEOUT',
    'OTHER_SIDE_CLOSED',
    'ECONNRESET',
    'EPIPE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'NOT_HTTP',
    'CLOSED',
    '',
  ];

  test('has its own code, and a text without class names, codes or stacks', () => {
    const errors = CODES.map((code) => {
      const error = Object.assign(new Error(`connect ${code} 127.0.0.1:9000`), { code });
      return failureOfTransport(context, new AggregateError([error], 'all addresses'), true).failure.error;
    });
    expect(errors.map((error) => error.code)).toEqual([
      'connection-refused',
      'host-not-found',
      'host-not-found',
      'connection-refused',
      'timed-out',
      'timed-out',
      'connection-lost',
      'connection-lost',
      'connection-lost',
      'certificate-refused',
      'certificate-refused',
      'certificate-refused',
      'certificate-refused',
      'not-s3',
      'not-s3',
      'aborted',
      'connection-lost',
    ]);
    for (const { message } of errors)
      expect(message).not.toMatch(/Error|\bE[A-Z]{4,}|UND_|\bat \w+ \(|!|please|undefined/);
  });
});
