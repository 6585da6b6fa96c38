import type { Encryption } from '../../../shared/collection.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { Tag } from '../../../shared/record.ts';
import type { HeaderTexts } from './header-text.ts';
import type { ObjectHead, ObjectHeaders } from './s3-client.ts';
import { taggingHeader } from './tagging.ts';

/** Header values as they came: bytes as Latin-1. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const META = 'x-amz-meta-';
const BUCKET_KEY = 'x-amz-server-side-encryption-bucket-key-enabled';

/** What a GET or HEAD says of an object. `size` is that of the whole object, also in the answer to a range. */
export function readObjectHead(key: string, headers: AnswerHeaders, texts: HeaderTexts): ObjectHead {
  const text = (name: string): string | null => {
    const value = headerValue(headers, name);
    return value === null ? null : texts.read(value);
  };
  const userMetadata: Tag[] = [];
  for (const name of Object.keys(headers)) {
    if (name.startsWith(META)) userMetadata.push({ key: name.slice(META.length), value: text(name) ?? '' });
  }
  return {
    key,
    etag: headerValue(headers, 'etag') ?? '',
    size: objectSize(headers),
    lastModified: timeOf(headers, 'last-modified'),
    storageClass: headerValue(headers, 'x-amz-storage-class') ?? 'STANDARD',
    versionId: headerValue(headers, 'x-amz-version-id'),
    contentType: text('content-type'),
    contentEncoding: text('content-encoding'),
    contentLanguage: text('content-language'),
    contentDisposition: text('content-disposition'),
    cacheControl: text('cache-control'),
    expires: text('expires'),
    websiteRedirect: text('x-amz-website-redirect-location'),
    userMetadata,
    encryption: readEncryption(headers),
    tagCount: Number(headerValue(headers, 'x-amz-tagging-count') ?? 0),
  };
}

/** Milliseconds since 1970. */
export function timeOf(headers: AnswerHeaders, name: 'date' | 'last-modified'): number | null {
  const time = Date.parse(headerValue(headers, name) ?? '');
  return Number.isNaN(time) ? null : time;
}

/** The headers of a PUT. Throws `invalid-record` for user metadata that HTTP cannot carry. */
export function writeObjectHeaders(headers: ObjectHeaders, texts: HeaderTexts): Record<string, string> {
  const sent: Record<string, string> = {};
  const put = (name: string, text: string | null | undefined): void => {
    if (text === null || text === undefined) return;
    // oxlint-disable-next-line no-control-regex
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) {
      throw new AppFailure('invalid-record', `The value of "${name}" holds a control character. Remove it.`);
    }
    sent[name] = texts.write(text);
  };
  put('content-type', headers.contentType);
  put('content-encoding', headers.contentEncoding);
  put('content-language', headers.contentLanguage);
  put('content-disposition', headers.contentDisposition);
  put('cache-control', headers.cacheControl);
  put('expires', headers.expires);
  put('x-amz-website-redirect-location', headers.websiteRedirect);
  put('x-amz-storage-class', headers.storageClass);
  for (const { key, value } of headers.userMetadata ?? []) {
    const name = META + key.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
      throw new AppFailure(
        'invalid-record',
        `"${key}" cannot be a name of user metadata: letters, digits and - . _ are allowed.`,
      );
    }
    put(name, value);
  }
  if (headers.encryption !== null && headers.encryption !== undefined) {
    put('x-amz-server-side-encryption', headers.encryption.algorithm);
    if (headers.encryption.algorithm !== 'AES256') {
      put('x-amz-server-side-encryption-aws-kms-key-id', headers.encryption.keyId);
      if (headers.encryption.bucketKey === true) put(BUCKET_KEY, 'true');
    }
  }
  if (headers.tags !== undefined && headers.tags.length > 0) sent['x-amz-tagging'] = taggingHeader(headers.tags);
  return sent;
}

export function headerValue(headers: AnswerHeaders, name: string): string | null {
  const value = headers[name];
  if (value === undefined) return null;
  return typeof value === 'string' ? value : value.join(', ');
}

/** All of them as Amazon's clients want them: one line a name. */
export function oneLineEach(headers: AnswerHeaders): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) lines[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return lines;
}

function objectSize(headers: AnswerHeaders): number {
  const total = /\/(\d+)$/.exec(headerValue(headers, 'content-range') ?? '')?.[1];
  return Number(total ?? headerValue(headers, 'content-length') ?? 0);
}

export function readEncryption(headers: AnswerHeaders): Encryption | null {
  const algorithm = headerValue(headers, 'x-amz-server-side-encryption');
  if (algorithm === 'AES256') return { algorithm };
  if (algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') return null;
  const keyId = headerValue(headers, 'x-amz-server-side-encryption-aws-kms-key-id');
  return { algorithm, keyId, ...(headerValue(headers, BUCKET_KEY) === 'true' ? { bucketKey: true } : {}) };
}
