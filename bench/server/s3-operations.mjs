import { createHash, hash } from 'node:crypto';
import { Bucket } from './bucket.mjs';
import { headerOf } from './http-connection.mjs';
import { escaped, listBuckets, listPage, unescaped } from './list-page.mjs';

const XML = 'Content-Type: application/xml\r\n';
const KEPT_HEADERS = /\r\n(?:x-amz-meta-[^:]+|content-type|content-encoding|cache-control):[^\r]*/gi;
const HTTP_RANGE = /^bytes=(\d+)-(\d*)$/;

/** Objects in memory behind the operations that the measured clients send. Signatures are not looked at. */
export class Store {
  #buckets = new Map();

  bucket(name) {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) this.#buckets.set(name, (bucket = new Bucket()));
    return bucket;
  }

  clear() {
    this.#buckets.clear();
  }

  /** S3's name of what a request asks for. */
  operationOf({ method, path, query }) {
    const slash = path.indexOf('/', 1);
    const ofObject = slash !== -1 && slash < path.length - 1;
    if (!ofObject) {
      if (path === '/') return 'ListBuckets';
      if (method === 'POST') return 'DeleteObjects';
      if (method === 'PUT') return 'CreateBucket';
      if (method === 'HEAD') return 'HeadBucket';
      if (/(^|&)location\b/.test(query)) return 'GetBucketLocation';
      if (/(^|&)versioning\b/.test(query)) return 'GetBucketVersioning';
      return 'ListObjectsV2';
    }
    if (/(^|&)tagging\b/.test(query)) return method === 'PUT' ? 'PutObjectTagging' : 'GetObjectTagging';
    return { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' }[method] ?? 'Unknown';
  }

  /** Calls `answer(status, header lines, body)` at once. */
  run(operation, request, answer) {
    const { path } = request;
    const slash = path.indexOf('/', 1);
    const name = slash === -1 ? path.slice(1) : path.slice(1, slash);
    const key = slash === -1 ? '' : path.slice(slash + 1);
    switch (operation) {
      case 'PutObject':
        return this.#put(this.bucket(name), key, request, answer);
      case 'GetObject':
      case 'HeadObject':
        return this.#get(this.bucket(name), key, request, answer);
      case 'DeleteObject':
        return this.#delete(this.bucket(name), key, request, answer);
      case 'DeleteObjects':
        return this.#deleteMany(this.bucket(name), request, answer);
      case 'ListObjectsV2':
        return answer(200, XML, listPage(name, this.bucket(name), new URLSearchParams(request.query)));
      case 'ListBuckets':
        return answer(200, XML, listBuckets([...this.#buckets.keys()]));
      case 'HeadBucket':
      case 'CreateBucket':
      case 'PutObjectTagging':
        return answer(200, '', null);
      case 'GetBucketLocation':
        return answer(
          200,
          XML,
          '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>',
        );
      case 'GetBucketVersioning':
        return answer(200, XML, '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>');
      case 'GetObjectTagging':
        return answer(200, XML, '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet></TagSet></Tagging>');
      default:
        return refuse(answer, 501, 'NotImplemented');
    }
  }

  #put(bucket, key, { head, body }, answer) {
    const before = bucket.get(key);
    if (headerOf(head, 'if-none-match') !== null && before !== undefined)
      return refuse(answer, 412, 'PreconditionFailed');
    const expected = headerOf(head, 'if-match');
    if (expected !== null && before === undefined) return refuse(answer, 404, 'NoSuchKey');
    if (expected !== null && !sameEtag(expected, before)) return refuse(answer, 412, 'PreconditionFailed');
    if (headerOf(head, 'x-amz-copy-source') !== null) return refuse(answer, 501, 'NotImplemented');
    // A copy: the bytes of a socket's chunk would keep the whole chunk in memory.
    const object = newObject(
      Buffer.from(body ?? []),
      (head.match(KEPT_HEADERS) ?? []).map((line) => line.slice(2)),
    );
    bucket.put(key, object);
    return answer(200, `ETag: "${object.etag}"\r\n`, null);
  }

  #get(bucket, key, { head, method }, answer) {
    const object = bucket.get(key);
    if (object === undefined) return refuse(answer, 404, 'NoSuchKey');
    const expected = headerOf(head, 'if-match');
    if (expected !== null && !sameEtag(expected, object)) return refuse(answer, 412, 'PreconditionFailed');
    const headers =
      `ETag: "${object.etag}"\r\nLast-Modified: ${new Date(object.modified).toUTCString()}\r\n` +
      `Accept-Ranges: bytes\r\n${object.headers}`;
    const range = method === 'GET' ? HTTP_RANGE.exec(headerOf(head, 'range') ?? '') : null;
    if (range === null) return answer(200, headers, object.body);
    const start = Number(range[1]);
    const end = Math.min(range[2] === '' ? Infinity : Number(range[2]), object.body.length - 1);
    if (start > end) return refuse(answer, 416, 'InvalidRange');
    const contentRange = `Content-Range: bytes ${start}-${end}/${object.body.length}\r\n`;
    return answer(206, headers + contentRange, object.body.subarray(start, end + 1));
  }

  #delete(bucket, key, { head }, answer) {
    const expected = headerOf(head, 'if-match');
    const object = bucket.get(key);
    if (expected !== null && object === undefined) return refuse(answer, 404, 'NoSuchKey');
    if (expected !== null && !sameEtag(expected, object)) return refuse(answer, 412, 'PreconditionFailed');
    bucket.delete(key);
    return answer(204, '', null);
  }

  #deleteMany(bucket, { body }, answer) {
    const xml = body.toString('utf8');
    const quiet = /<Quiet>true<\/Quiet>/i.test(xml);
    let results = '';
    for (const [, entry] of xml.matchAll(/<Object>([\s\S]*?)<\/Object>/g)) {
      const key = unescaped(/<Key>([\s\S]*?)<\/Key>/.exec(entry)?.[1] ?? '');
      const expected = unescaped(/<ETag>([\s\S]*?)<\/ETag>/.exec(entry)?.[1] ?? '');
      const object = bucket.get(key);
      if (expected !== '' && object !== undefined && !sameEtag(expected, object)) {
        results += `<Error><Key>${escaped(key)}</Key><Code>PreconditionFailed</Code><Message>Another ETag</Message></Error>`;
        continue;
      }
      bucket.delete(key);
      if (!quiet) results += `<Deleted><Key>${escaped(key)}</Key></Deleted>`;
    }
    return answer(200, XML, `<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${results}</DeleteResult>`);
  }
}

export function newObject(body, headers) {
  return { body, etag: md5(body), modified: Date.now(), headers: headers.map((line) => `${line}\r\n`).join('') };
}

export function refuse(answer, status, code) {
  answer(
    status,
    XML,
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
}

/** `crypto.hash` (Node 20.12 and newer) makes no object a call. */
function md5(bytes) {
  return hash === undefined ? createHash('md5').update(bytes).digest('hex') : hash('md5', bytes, 'hex');
}

function sameEtag(expected, object) {
  return expected === '*' || expected.replaceAll('"', '') === object.etag;
}
