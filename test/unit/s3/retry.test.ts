import { describe, expect, test } from 'vitest';
import { failureOfAnswer, failureOfTransport } from '../../../electron/engine/s3/errors.ts';
import type { RequestContext } from '../../../electron/engine/s3/request-context.ts';
import { Gate } from '../../../electron/engine/s3/gate.ts';
import { pauseBeforeRetry, type TriedRequest } from '../../../electron/engine/s3/retry.ts';

const context: RequestContext = {
  connection: 'test',
  endpoint: 'http://127.0.0.1:9000',
  region: 'us-east-1',
  proxy: null,
  clockOffset: 0,
  operation: 'GetObject',
  bucket: 'b',
  key: 'k',
  source: null,
  condition: null,
  withTags: false,
};
const answer = (status: number, code: string, headers = {}) =>
  failureOfAnswer(context, { status, headers, body: `<Error><Code>${code}</Code></Error>` }, Date.UTC(2026, 10, 25));
const broken = (code: string, sent: boolean) =>
  failureOfTransport(context, Object.assign(new Error(code), { code }), sent);

const sent = (changes: Partial<TriedRequest> = {}): TriedRequest => ({
  tries: 1,
  elapsed: 100,
  silence: 100,
  isWrite: false,
  lane: 'interactive',
  ...changes,
});
const gateway = (status: number) => failureOfAnswer(context, { status, headers: {}, body: '<html>' }, 0);

const asked = (value: string) => pauseBeforeRetry(sent(), answer(503, 'SlowDown', { 'retry-after': value }), 0.5);
const triedInBulk = (elapsed: number) => sent({ lane: 'bulk', tries: 100, elapsed, isWrite: true });

describe('sending again', () => {
  test.each([
    ['a busy server', answer(503, 'SlowDown'), true, true],
    ['too many requests', answer(429, 'TooManyRequests'), true, true],
    ['too many requests, as a gateway says it', gateway(429), true, true],
    ['a failing server', answer(500, 'InternalError'), true, false],
    ['a gateway’s 500', gateway(500), true, false],
    ['a gateway’s 502', gateway(502), true, false],
    ['a gateway’s 503', gateway(503), true, false],
    ['a gateway’s 504', gateway(504), true, false],
    ['a slow sender', answer(400, 'RequestTimeout'), true, true],
    ['a body that arrived damaged', answer(400, 'BadDigest'), true, true],
    ['half a body', answer(400, 'IncompleteBody'), true, true],
    ['a refused connection', broken('ECONNREFUSED', false), true, true],
    ['a connection that does not come about', broken('CONNECT_TIMEOUT', false), true, true],
    ['no way through the network', broken('ENETUNREACH', false), true, true],
    ['a resolver that is away', broken('EAI_AGAIN', false), true, true],
    ['a connection that broke before the request left', broken('ECONNRESET', false), true, true],
    ['a connection that broke after it left', broken('OTHER_SIDE_CLOSED', true), true, false],
    ['no answer in time', broken('HEADERS_TIMEOUT', true), true, false],
    ['an answer that stood still', broken('BODY_TIMEOUT', true), true, false],
    ['an unknown access key', answer(403, 'InvalidAccessKeyId'), false, false],
    ['a refused signature', answer(403, 'SignatureDoesNotMatch'), false, false],
    ['another clock', answer(403, 'RequestTimeTooSkewed'), false, false],
    ['an expired token', answer(400, 'ExpiredToken'), false, false],
    ['a token that is none', answer(400, 'InvalidToken'), false, false],
    ['a missing permission', answer(403, 'AccessDenied'), false, false],
    ['another region', answer(301, 'PermanentRedirect'), false, false],
    ['a missing bucket', answer(404, 'NoSuchBucket'), false, false],
    ['a missing object', answer(404, 'NoSuchKey'), false, false],
    ['an archived object', answer(403, 'InvalidObjectState'), false, false],
    ['a failed condition', answer(412, 'PreconditionFailed'), false, false],
    ['a write at the same moment', answer(409, 'ConditionalRequestConflict'), false, false],
    ['an argument that is none', answer(400, 'InvalidArgument'), false, false],
    ['a code that nobody knows', answer(400, 'SomethingElse'), false, false],
    ['a server that cannot do it', answer(501, 'NotImplemented'), false, false],
    ['a full server', answer(507, 'InsufficientStorage'), false, false],
    ['no S3', gateway(404), false, false],
    ['an unknown host', broken('ENOTFOUND', false), false, false],
    ['a bad certificate', broken('CERT_HAS_EXPIRED', false), false, false],
    ['no TLS', broken('EPROTO', false), false, false],
    ['a client that was closed', broken('CLOSED', true), false, false],
  ])('after %s: a read %3$s, a write %4$s', (_, failed, read, write) => {
    for (const lane of ['interactive', 'bulk'] as const) {
      const isAgain = (isWrite: boolean) => pauseBeforeRetry(sent({ isWrite, lane }), failed, 0.5) !== null;
      expect([isAgain(false), isAgain(true)]).toEqual([read, write]);
    }
  });

  test('waits for a random share of a doubling window, three tries in all', () => {
    const failed = answer(500, 'InternalError');
    expect([1, 2, 3].map((tries) => pauseBeforeRetry(sent({ tries }), failed, 0.5))).toEqual([100, 200, null]);
    expect(pauseBeforeRetry(sent(), answer(503, 'SlowDown'), 1)).toBe(1000);
    expect(pauseBeforeRetry(sent(), failed, 0)).toBe(0);
  });

  test('waits as long as the server asks, and gives up where that is too long', () => {
    expect(asked('7')).toBe(7000);
    expect(asked('Wed, 25 Nov 2026 00:00:03 GMT')).toBe(3000);
    expect(asked('3600')).toBeNull();
  });

  test('goes on for minutes where a server asks bulk work to slow down, and leaves the pauses to the lane', () => {
    const later = answer(503, 'SlowDown', { 'retry-after': '200' });
    expect([
      pauseBeforeRetry(triedInBulk(250_000), answer(503, 'SlowDown'), 1),
      pauseBeforeRetry(triedInBulk(301_000), answer(503, 'SlowDown'), 1),
      pauseBeforeRetry(triedInBulk(50_000), later, 1),
      pauseBeforeRetry(triedInBulk(150_000), later, 1),
      // Nobody is answered otherwise.
      pauseBeforeRetry({ ...triedInBulk(15_000), silence: 10_000 }, answer(503, 'SlowDown'), 1),
    ]).toEqual([0, null, 0, null, null]);
  });
});

const LEFT = { outcome: 'answered', sentAt: null, answeredAt: null, waitMilliseconds: null } as const;

describe('the gate of a lane', () => {
  test('lets in so many at a time, in order, and forgets who gave up', async () => {
    const gate = new Gate(1);
    const inside: string[] = [];
    const enter = async (name: string, signal?: AbortSignal): Promise<void> => {
      inside.push(`${name} ${String(await gate.enter(signal))}`);
    };
    const impatient = new AbortController();
    await enter('first');
    const waiting = [enter('second'), enter('impatient', impatient.signal), enter('third')];
    impatient.abort();
    await waiting[1];
    gate.leave(LEFT);
    await waiting[0];
    gate.leave(LEFT);
    await waiting[2];
    const late = enter('late');
    gate.close();
    await late;
    await enter('too late');
    expect(inside).toEqual([
      'first true',
      'impatient false',
      'second true',
      'third true',
      'late false',
      'too late false',
    ]);
  });

  test('lets in first who comes back to try again, and more or fewer at a time when it is told so', async () => {
    const gate = new Gate(1);
    const inside: string[] = [];
    const enter = async (name: string, returning = false): Promise<void> => {
      if (await gate.enter(undefined, returning)) inside.push(name);
    };
    await enter('first');
    const waiting = [enter('second'), enter('third'), enter('fourth'), enter('again', true)];
    gate.leave(LEFT);
    await waiting[3];
    gate.resize(3);
    await Promise.all(waiting.slice(0, 2));
    expect(inside).toEqual(['first', 'again', 'second', 'third']);
    gate.resize(1);
    gate.leave(LEFT);
    gate.leave(LEFT);
    expect(gate.enter(AbortSignal.abort())).toBe(false);
    gate.leave(LEFT);
    await waiting[2];
    expect(inside).toEqual(['first', 'again', 'second', 'third', 'fourth']);
  });
});
