import { request } from 'node:http';
import { AppFailure } from '../../../shared/result.ts';
import type { ExpiringCredentials } from '../s3/s3-client.ts';
import { expiringOf } from './expiring.ts';
import type { Variables } from './profile-files.ts';

/** Outside of an instance nothing answers there, and somebody waits for it. */
const TIMEOUT = 1000;
const LARGEST_ANSWER = 64 * 1024;
const ROLES = '/latest/meta-data/iam/security-credentials/';

/**
 * Keys of the role of the EC2 instance that this runs on, from its metadata service: version 2 alone (IMDSv2), whose
 * token a request that somebody was tricked into cannot have. Never through a proxy. Null where nothing answers.
 */
export async function instanceCredentials(environment: Variables): Promise<ExpiringCredentials | null> {
  if (environment['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return null;
  const isIpv6 = environment['AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE']?.toLowerCase() === 'ipv6';
  const base =
    environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || (isIpv6 ? 'http://[fd00:ec2::254]' : 'http://169.254.169.254');
  let token: string | null;
  try {
    token = await ask(base, 'PUT', '/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' });
  } catch {
    // No instance, or one whose service is switched off.
    return null;
  }
  if (token === null) return null;
  const headers = { 'x-aws-ec2-metadata-token': token };
  const what = 'This instance has no role that gives credentials';
  try {
    const role = (await ask(base, 'GET', ROLES, headers))?.split('\n', 1)[0]?.trim() ?? '';
    const text = role === '' ? null : await ask(base, 'GET', `${ROLES}${encodeURIComponent(role)}`, headers);
    return text === null ? null : expiringOf(parse(text), { what, profile: null });
  } catch (cause) {
    if (cause instanceof AppFailure) throw cause;
    throw new AppFailure('credentials-missing', `${what} now. Try again.`, { retryable: true, cause });
  }
}

function parse(text: string): Parameters<typeof expiringOf>[0] {
  const answer: unknown = JSON.parse(text);
  const parts = new Map<string, unknown>(typeof answer === 'object' && answer !== null ? Object.entries(answer) : []);
  const textOf = (name: string): string | undefined => {
    const value = parts.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const expiration = textOf('Expiration');
  return {
    AccessKeyId: textOf('AccessKeyId'),
    SecretAccessKey: textOf('SecretAccessKey'),
    SessionToken: textOf('Token'),
    Expiration: expiration === undefined ? undefined : new Date(expiration),
  };
}

/** Null where the service answers that there is nothing. Rejects where it does not answer. */
async function ask(
  base: string,
  method: 'GET' | 'PUT',
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<string | null> {
  const signal = AbortSignal.timeout(TIMEOUT);
  return await new Promise<string | null>((resolve, reject) => {
    const asked = request(new URL(path, base), { method, headers, signal, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        text += piece;
        if (text.length > LARGEST_ANSWER) answer.destroy(new Error('too large'));
      });
      answer.on('error', reject);
      answer.on('end', () => resolve(answer.statusCode === 200 ? text : null));
    });
    asked.on('error', reject);
    asked.end();
  });
}
