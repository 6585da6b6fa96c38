import { createHash, createHmac } from 'node:crypto';
import type { TestSandbox } from '../support/sandbox.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of the error document. */
  readonly code: string | null;
}

/**
 * Signs and sends one request as it stands, for what no SDK sends. `target` is a path and a query that are written as
 * SigV4 wants them already: encoded, parameters in order, each with its `=`.
 */
export async function sendSigned(
  sandbox: Pick<TestSandbox, 'endpoint' | 'accessKeyId' | 'secretAccessKey' | 'region'>,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | null = null,
): Promise<RawAnswer> {
  const { host } = new URL(sandbox.endpoint);
  const instant = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const hash = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const signed: Record<string, string> = { host, 'x-amz-content-sha256': hash, 'x-amz-date': instant, ...headers };
  const names = Object.keys(signed).toSorted();
  const scope = `${instant.slice(0, 8)}/${sandbox.region}/s3/aws4_request`;
  const [path, query = ''] = target.split('?');
  const canonical = [
    method,
    path,
    query,
    ...names.map((name) => `${name}:${signed[name]}`),
    '',
    names.join(';'),
    signed['x-amz-content-sha256'],
  ].join('\n');
  const toSign = `AWS4-HMAC-SHA256\n${instant}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const key = scope
    .split('/')
    .reduce<string | Buffer>(
      (by, part) => createHmac('sha256', by).update(part).digest(),
      `AWS4${sandbox.secretAccessKey}`,
    );
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  const { host: _, ...sent } = signed;
  const response = await fetch(sandbox.endpoint + target, {
    method,
    body: body === null ? null : Uint8Array.from(body),
    headers: {
      ...sent,
      authorization: `AWS4-HMAC-SHA256 Credential=${sandbox.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
    },
  });
  const text = await response.text();
  const code = /<Error><Code>(\w+)<\/Code>/.exec(text)?.[1] ?? null;
  return { status: response.status, headers: response.headers, text, code };
}
