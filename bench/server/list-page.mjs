const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A page of ListObjects, in either version, as XML. */
export function listPage(name, bucket, parameters) {
  const isSecond = parameters.get('list-type') === '2';
  const prefix = parameters.get('prefix') ?? '';
  const delimiter = parameters.get('delimiter') ?? '';
  const maximum = Math.min(Number(parameters.get('max-keys') ?? 1000), 1000);
  const encode = parameters.get('encoding-type') === 'url' ? urlEncoded : escaped;
  const token = parameters.get('continuation-token');
  // A token is the key, or the common prefix, that the page before ended with.
  const after =
    token === null
      ? (parameters.get(isSecond ? 'start-after' : 'marker') ?? '')
      : Buffer.from(token, 'base64url').toString('utf8');

  let contents = '';
  const folders = [];
  let last = null;
  let count = 0;
  let truncated = false;
  let from = after > prefix ? after : prefix;
  scan: for (;;) {
    let jumped = false;
    for (const key of bucket.keysFrom(from)) {
      if (!key.startsWith(prefix)) break scan;
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      const shown = end === -1 ? key : key.slice(0, end + delimiter.length);
      if (shown <= after) {
        if (end === -1) continue;
        from = behind(shown);
        jumped = true;
        break;
      }
      if (count === maximum) {
        truncated = true;
        break scan;
      }
      count += 1;
      last = shown;
      if (end === -1) {
        contents += entry(encode(key), bucket.get(key));
      } else {
        folders.push(shown);
        from = behind(shown);
        jumped = true;
        break;
      }
    }
    if (!jumped) break;
  }

  const next = !truncated
    ? ''
    : isSecond
      ? `<NextContinuationToken>${Buffer.from(last).toString('base64url')}</NextContinuationToken>`
      : `<NextMarker>${encode(last)}</NextMarker>`;
  return (
    `${HEAD}<ListBucketResult xmlns="${NAMESPACE}"><Name>${name}</Name><Prefix>${encode(prefix)}</Prefix>` +
    `<KeyCount>${count}</KeyCount><MaxKeys>${maximum}</MaxKeys>` +
    (delimiter === '' ? '' : `<Delimiter>${encode(delimiter)}</Delimiter>`) +
    `${encode === urlEncoded ? '<EncodingType>url</EncodingType>' : ''}<IsTruncated>${truncated}</IsTruncated>${next}` +
    `${contents}${folders.map((folder) => `<CommonPrefixes><Prefix>${encode(folder)}</Prefix></CommonPrefixes>`).join('')}` +
    '</ListBucketResult>'
  );
}

export function listBuckets(names) {
  const buckets = names.map(
    (name) => `<Bucket><Name>${name}</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>`,
  );
  return `${HEAD}<ListAllMyBucketsResult xmlns="${NAMESPACE}"><Owner><ID>bench</ID></Owner><Buckets>${buckets.join('')}</Buckets></ListAllMyBucketsResult>`;
}

export function escaped(text) {
  return /[&<>"]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
    : text;
}

export function unescaped(text) {
  return text.includes('&')
    ? text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&apos;', "'")
        .replaceAll('&amp;', '&')
    : text;
}

function entry(key, object) {
  return (
    `<Contents><Key>${key}</Key><LastModified>${new Date(object.modified).toISOString()}</LastModified>` +
    `<ETag>&quot;${object.etag}&quot;</ETag><Size>${object.body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  );
}

function urlEncoded(key) {
  return /^[\w./-]*$/.test(key) ? key : encodeURIComponent(key).replaceAll('%2F', '/');
}

/** The first string that is above every key with this prefix. */
function behind(prefix) {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
