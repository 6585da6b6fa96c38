import type { Answer } from '../operations/answer.ts';
import { S3Failure } from '../s3-failure.ts';
import { element, XML_DECLARATION } from '../xml.ts';

/** What an error document says beside its code. */
export interface ErrorDetails {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer with S3's error document. `target` is the request's path and query as they came. */
export function errorAnswer(details: ErrorDetails, target: string, requestId: string): Answer {
  const facts = Object.entries(details.facts ?? {}).map(([name, value]) => element(name, value));
  const resource = target.replace(/\?.*$/s, '');
  const document =
    `${XML_DECLARATION}<Error>${element('Code', details.code)}${element('Message', details.message)}${facts.join('')}` +
    `${element('Resource', resource)}${element('RequestId', requestId)}${element('HostId', 'sandbox')}</Error>`;
  return { status: details.status, headers: details.headers ?? {}, document };
}

/** What is no failure of S3's is one of ours: it answers 500 and says no more than that. */
export function failureOf(error: unknown): S3Failure {
  return error instanceof S3Failure
    ? error
    : new S3Failure('InternalError', 'We encountered an internal error. Try again.');
}
