import { formatBytes } from '../../shared/byte-size.ts';
import { isFailure, type RequestEntry } from '../../shared/request-log.ts';
import type { AppError, ErrorCode } from '../../shared/result.ts';
import type { IconName } from '../ui/icon-shapes.ts';
import { formatTime } from '../ui/format.ts';
import { lastTry, type RequestGroup } from './request-groups.ts';

export interface StatusWords {
  readonly kind: 'done' | 'failed' | 'again' | 'stopped';
  readonly icon: IconName;
  readonly text: string;
}

const PHRASES: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  409: 'Conflict',
  411: 'Length Required',
  412: 'Precondition Failed',
  416: 'Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Why there was no answer, or no whole one. */
const WITHOUT_ANSWER: Readonly<Partial<Record<ErrorCode, string>>> = {
  aborted: 'stopped',
  'connection-refused': 'refused',
  'host-not-found': 'no such host',
  'timed-out': 'timed out',
  'connection-lost': 'broken off',
  'certificate-refused': 'certificate',
  'record-too-large': 'too large',
};

/** A request in a word or two, from its last try. */
export function statusWords(group: RequestGroup): StatusWords {
  const last = lastTry(group);
  if (last.triedAgain) return { kind: 'again', icon: 'refresh', text: `${tryWords(last)}, trying again` };
  if (last.failure === 'aborted') return { kind: 'stopped', icon: 'stop', text: capital(tryWords(last)) };
  if (isFailure(last)) return { kind: 'failed', icon: 'error', text: capital(tryWords(last)) };
  return { kind: 'done', icon: 'check', text: tryWords(last) };
}

/** `200 OK`, `503 SlowDown`, `timed out`. */
export function tryWords({ status, s3Code, failure }: RequestEntry): string {
  const without = failure === null ? undefined : WITHOUT_ANSWER[failure];
  if (status === null) return without ?? failure ?? 'no answer';
  if (without !== undefined && status < 300) return `${status}, ${without}`;
  return [status, s3Code ?? PHRASES[status]].filter((part) => part !== undefined).join(' ');
}

/** `3 tries: 503, 503, 200`; the one try of most requests is not worth a word. */
export function triesWords({ tries }: RequestGroup): string {
  if (tries.length === 1 && tries[0].attempt === 1) return '1';
  const outcomes = tries.map((entry) => entry.status ?? tryWords(entry)).join(', ');
  // The log may have dropped the first of them.
  const count = tries.at(-1)?.attempt ?? 1;
  return `${count} ${count === 1 ? 'try' : 'tries'}: ${count > tries.length ? '…, ' : ''}${outcomes}`;
}

/** What it was about: bucket and key, or the prefix of a listing. */
export function objectWords({ bucket, key, path }: RequestEntry): string {
  if (bucket === null) return 'all buckets';
  const query = path.indexOf('?');
  const prefix = query === -1 ? null : new URLSearchParams(path.slice(query)).get('prefix');
  return `${bucket}/${key ?? prefix ?? ''}`;
}

/** `6.5`, `123`. */
export function millisecondsWords(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
}

export function sizeWords({ bytesUp, bytesDown }: RequestEntry): string {
  return bytesUp > 0 ? `${formatBytes(bytesUp)} sent` : formatBytes(bytesDown);
}

/** `09:41:07.250` */
export function clockWords(milliseconds: number): string {
  return `${formatTime(milliseconds).slice(11)}.${String(Math.floor(milliseconds) % 1000).padStart(3, '0')}`;
}

/** What to look for in the log to find the request that a failure came of; null where none was sent. */
export function wordsOfFailure({ detail }: AppError): string | null {
  if (detail?.operation === undefined) return null;
  return detail.requestId ?? [detail.operation, detail.key ?? detail.bucket ?? ''].join(' ').trim();
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
