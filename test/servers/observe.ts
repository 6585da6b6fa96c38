/** How cases put into plain words what a server answered. */
import { S3ServiceException, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';

/** `done`, or `CODE STATUS` of S3's refusal. Other failures pass through. */
export async function outcome(work: Promise<object>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return `${error.name} ${error.$metadata.httpStatusCode}`;
  }
}

/** The status alone: an answer to HEAD, and a 304, have no document that names a code. */
export async function status(
  work: Promise<{ readonly $metadata: { readonly httpStatusCode?: number } }>,
): Promise<number | undefined> {
  try {
    return (await work).$metadata.httpStatusCode;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return error.$metadata.httpStatusCode;
  }
}

export interface Failure {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
  /** The request's id in the answer's header; `RequestId` is that of the document. */
  readonly header: string | undefined;
  readonly Key?: unknown;
  readonly BucketName?: unknown;
  readonly Resource?: unknown;
  readonly Region?: unknown;
  readonly RequestId?: unknown;
}

/** What a refusal says: the SDK sets the elements of the error document on its exception. */
export async function failure(work: Promise<object>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const { name, message, $metadata } = error;
    const { Key, BucketName, Resource, Region, RequestId }: Readonly<Record<string, unknown>> = Object(error);
    const { httpStatusCode, requestId: header } = $metadata;
    return { name, status: httpStatusCode, message, header, Key, BucketName, Resource, Region, RequestId };
  }
  return { name: 'done', status: 200, message: '', header: undefined };
}

export async function text(answer: Promise<GetObjectCommandOutput>): Promise<string | undefined> {
  return (await answer).Body?.transformToString();
}

export function describeError(error: unknown): string {
  if (error instanceof S3ServiceException) return `${error.name} ${error.$metadata.httpStatusCode}`;
  return error instanceof Error ? `${error.name}: ${error.message.split('\n')[0] ?? ''}` : String(error);
}

export function md5(bytes: Uint8Array | string): string {
  return createHash('md5').update(bytes).digest('hex');
}

export function digest(algorithm: 'md5' | 'sha1' | 'sha256', bytes: Uint8Array | string): string {
  return createHash(algorithm).update(bytes).digest('base64');
}

export interface RawAnswer {
  readonly status: number;
  /** Of an error document; null where there is none. */
  readonly code: string | null;
  readonly headers: Headers;
  readonly body: string;
}

/** One HTTP request without an SDK: presigned addresses, requests without a signature. */
export async function send(url: string, init: RequestInit = {}): Promise<RawAnswer> {
  const answer = await fetch(url, init);
  const body = await answer.text();
  const code = answer.ok ? null : (/<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? null);
  return { status: answer.status, code, headers: answer.headers, body };
}

/** `done`, or `CODE STATUS`, as `outcome` says it. */
export function rawOutcome({ status: seen, code }: RawAnswer): string {
  return seen < 300 ? 'done' : `${code ?? 'no code'} ${seen}`;
}
