import type { Connection, ConnectionKind, Environment } from '../../shared/connection.ts';
import type { ConnectionTest } from '../../shared/connection-check.ts';
import { countOf, formatCount } from '../ui/format.ts';

export const ENVIRONMENTS: readonly Environment[] = ['development', 'test', 'production'];

export const KIND_NAMES: Readonly<Record<ConnectionKind, string>> = {
  aws: 'AWS',
  localstack: 'LocalStack',
  minio: 'MinIO',
  custom: 'Other S3',
  sandbox: 'Sandbox',
};

/** Where a connection leads, in a few words. */
export function whereOf(connection: Connection): string {
  if (connection.kind === 'sandbox') return 'built in, on this machine';
  const place = connection.endpoint === null ? connection.region : connection.endpoint.replace(/^https?:\/\//, '');
  return connection.readOnly ? `${place}, read-only` : place;
}

export function credentialsOf(connection: Connection): string {
  const { credentials } = connection;
  switch (credentials.source) {
    case 'environment':
      return 'AWS_ variables of this machine';
    case 'keys':
      return `access key ${credentials.accessKeyId}`;
    case 'profile':
      return `profile ${credentials.profile}`;
    case 'anonymous':
      return 'none, requests are not signed';
    case 'sandbox':
      return 'keys that it made for itself';
  }
}

/** What a test came to, in a sentence. */
export function testWords({ checks, milliseconds, buckets }: ConnectionTest): string {
  const failed = checks.filter(({ verdict }) => verdict === 'failed').length;
  if (failed > 0) return `${countOf(failed, 'check')} failed.`;
  const time =
    milliseconds === null ? 'Answers' : `Answers in ${formatCount(Math.max(1, Math.round(milliseconds)))} ms`;
  return buckets === null
    ? `${time}. Its buckets are not listed; one can still be opened by its name.`
    : `${time} and shows ${countOf(buckets, 'bucket')}.`;
}
