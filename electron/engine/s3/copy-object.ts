import { regionOfAccessPoint } from './addressing.ts';
import type { Execute } from './execute.ts';
import type { HeaderTexts } from './header-text.ts';
import { headerValue, writeObjectHeaders } from './object-headers.ts';
import { errorCodeOf } from './read-refusal.ts';
import type { CopyOptions, CopySource, S3Client } from './s3-client.ts';
import { encodeComponent, encodeKey } from './uri-encoding.ts';
import { elementText, namespacePrefix } from './xml.ts';

export function createCopyObject(execute: Execute, texts: HeaderTexts): S3Client['copyObject'] {
  return async (bucket, key, source, call) => {
    const answer = await execute(
      {
        name: 'CopyObject',
        method: 'PUT',
        bucket,
        key,
        headers: copyHeaders(source, call, texts),
        source: { bucket: source.bucket, key: source.key },
        condition: call.ifMatch !== undefined ? 'if-match' : call.ifNoneMatch !== undefined ? 'if-none-match' : null,
        errorIn: errorCodeOf,
      },
      call,
    );
    const xml = answer.body.toString('utf8');
    const etag = elementText(xml, `${namespacePrefix(xml)}ETag`);
    if (etag === null) throw answer.notS3();
    return { etag, versionId: headerValue(answer.headers, 'x-amz-version-id') };
  };
}

function copyHeaders(source: CopySource, call: CopyOptions, texts: HeaderTexts): Record<string, string> {
  const { headers, tags, storageClass = null, encryption = null } = call;
  const sent = writeObjectHeaders(
    { ...headers, storageClass, encryption, ...(tags === undefined ? {} : { tags }) },
    texts,
  );
  sent['x-amz-copy-source'] = copySource(source);
  if (source.ifMatch !== undefined) sent['x-amz-copy-source-if-match'] = source.ifMatch;
  if (call.ifMatch !== undefined) sent['if-match'] = call.ifMatch;
  if (call.ifNoneMatch !== undefined) sent['if-none-match'] = call.ifNoneMatch;
  if (headers !== undefined) sent['x-amz-metadata-directive'] = 'REPLACE';
  if (tags !== undefined) sent['x-amz-tagging-directive'] = 'REPLACE';
  return sent;
}

/** The value of `x-amz-copy-source`. */
export function copySource({ bucket, key, versionId }: CopySource): string {
  const version = versionId === undefined ? '' : `?versionId=${encodeComponent(versionId)}`;
  // Through an access point the object has an ARN, which is no path.
  if (regionOfAccessPoint(bucket) !== null) {
    return `${encodeKey(bucket.replace(/:([^:/]+)$/, '/$1'))}/object/${encodeKey(key)}${version}`;
  }
  return `/${encodeKey(bucket)}/${encodeKey(key)}${version}`;
}
