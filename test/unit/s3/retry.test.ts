import { describe, expect, test } from 'vitest';
import { failureOfAnswer, failureOfTransport } from '../../../electron/engine/s3/errors.ts';
import type { RequestContext } from '../../../electron/engine/s3/request-context.ts';
import { Gate } from '../../../electron/engine/s3/gate.ts';
import { pauseBeforeRetry } from '../../../electron/engine/s3/retry.ts';

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

const asked = (value: string) => pauseBeforeRetry(1, false, answer(503, 'SlowDown', { 'retry-after': value }), 0.5);

describe('sending again', () => {
  test.each([
    ['a busy server', answer(503, 'SlowDown'), true, true],
    ['a failing server', answer(500, 'InternalError'), true, false],
    ['a gateway’s 502', failureOfAnswer(context, { status: 502, headers: {}, body: '<html>' }, 0), true, false],
    ['a gateway’s 503', failureOfAnswer(context, { status: 503, headers: {}, body: '<html>' }, 0), true, false],
    ['a slow sender', answer(400, 'RequestTimeout'), true, true],
    ['a refused connection', broken('ECONNREFUSED', false), true, true],
    ['a connection that broke before the request left', broken('ECONNRESET', false), true, true],
    ['a connection that broke after it left', broken('UND_ERR_SOCKET', true), true, false],
    ['no answer in time', broken('UND_ERR_HEADERS_TIMEOUT', true), true, false],
    ['a refused signature', answer(403, 'SignatureDoesNotMatch'), false, false],
    ['an expired token', answer(400, 'ExpiredToken'), false, false],
    ['a missing permission', answer(403, 'AccessDenied'), false, false],
    ['a missing object', answer(404, 'NoSuchKey'), false, false],
    ['a failed condition', answer(412, 'PreconditionFailed'), false, false],
    ['a server that cannot do it', answer(501, 'NotImplemented'), false, false],
    ['an unknown host', broken('ENOTFOUND', false), false, false],
    ['a bad certificate', broken('CERT_HAS_EXPIRED', false), false, false],
  ])('after %s: a read %3$s, a write %4$s', (_, failed, read, write) => {
    const outcome = [pauseBeforeRetry(1, false, failed, 0.5) !== null, pauseBeforeRetry(1, true, failed, 0.5) !== null];
    expect(outcome).toEqual([read, write]);
  });

  test('waits for a random share of a doubling window, three tries in all', () => {
    const failed = answer(500, 'InternalError');
    expect([1, 2, 3].map((tried) => pauseBeforeRetry(tried, false, failed, 0.5))).toEqual([100, 200, null]);
    expect(pauseBeforeRetry(1, false, answer(503, 'SlowDown'), 1)).toBe(1000);
    expect(pauseBeforeRetry(1, false, failed, 0)).toBe(0);
  });

  test('waits as long as the server asks, and gives up where that is too long', () => {
    expect(asked('7')).toBe(7000);
    expect(asked('Wed, 25 Nov 2026 00:00:03 GMT')).toBe(3000);
    expect(asked('3600')).toBeNull();
  });
});

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
    gate.leave();
    await waiting[0];
    gate.leave();
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
});
