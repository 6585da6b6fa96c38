import type { AppFailure } from '../../../shared/result.ts';
import { failureWithin, notS3 } from './errors.ts';
import type { Operation } from './execute.ts';
import type { Gate } from './gate.ts';
import { headerValue } from './object-headers.ts';
import { redact } from './redact.ts';
import type { RequestContext } from './request-context.ts';
import type { Credentials } from './s3-client.ts';
import type { HttpAnswer } from './send.ts';

export interface Answer extends HttpAnswer {
  /** For an answer that turns out to be none of S3's. */
  notS3(): AppFailure;
  /** For one of many objects, which failed while the request succeeded. */
  failureOf(part: PartOfAnswer): AppFailure;
}

export interface PartOfAnswer {
  /** What the object alone would have been asked for. */
  readonly name: string;
  readonly key: string;
  readonly condition: Operation['condition'];
  readonly s3Code: string | null;
  /** S3's own sentence. */
  readonly text: string | null;
}

/** A class, because each of thousands of answers a second would have functions of its own that nearly none needs. */
export class ReadAnswer implements Answer {
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  readonly body: Buffer;
  readonly #context: RequestContext;
  readonly #credentials: Credentials;
  readonly #gate: Gate;
  readonly #sentAt: number | null;
  #isThrottled = false;

  constructor(
    { status, headers, body }: HttpAnswer,
    context: RequestContext,
    credentials: Credentials,
    gate: Gate,
    sentAt: number | null,
  ) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.#context = context;
    this.#credentials = credentials;
    this.#gate = gate;
    this.#sentAt = sentAt;
  }

  notS3(): AppFailure {
    return notS3(this.#context, this);
  }

  failureOf({ name, key, condition = null, s3Code, text }: PartOfAnswer): AppFailure {
    const requestId = headerValue(this.headers, 'x-amz-request-id');
    const failure = failureWithin(
      { ...this.#context, operation: name, key, condition },
      { s3Code, text: text === null ? null : redact(text, this.#credentials), requestId },
    );
    if (failure.error.code === 'throttled' && !this.#isThrottled) {
      // Once, however many objects it was too many for: it was one request.
      this.#isThrottled = true;
      this.#gate.learn({ outcome: 'throttled', sentAt: this.#sentAt, answeredAt: null, waitMilliseconds: null });
    }
    return failure;
  }
}
