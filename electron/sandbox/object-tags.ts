import { S3Failure } from './s3-failure.ts';
import { decodeQueryText } from './http/uri.ts';
import type { ObjectTag } from './storage/storage.ts';
import { element, malformed, parseXml, S3_NAMESPACE, XML_DECLARATION } from './xml.ts';

const MOST_TAGS = 10;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags of the `x-amz-tagging` header, which is written like a query string. */
export function parseTagHeader(header: string | undefined): readonly ObjectTag[] {
  if (header === undefined || header === '') return [];
  const tags = header.split('&').map((part) => {
    const equals = part.indexOf('=');
    const [key, value] = equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    return { key: decodeTag(key, header), value: decodeTag(value, header) };
  });
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) throw malformedHeader(header);
  checkTags(tags);
  return tags;
}

/** Tags of a `Tagging` document. */
export function parseTagging(document: string): readonly ObjectTag[] {
  const root = parseXml(document);
  const [set, ...more] = root.children;
  if (root.name !== 'Tagging' || set?.name !== 'TagSet' || more.length > 0) throw malformed();
  const tags = set.children.map((tag) => {
    const key = tag.children.find((child) => child.name === 'Key');
    const value = tag.children.find((child) => child.name === 'Value');
    if (tag.name !== 'Tag' || key === undefined || value === undefined || tag.children.length !== 2) throw malformed();
    return { key: key.text, value: value.text };
  });
  checkTags(tags);
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) {
    throw new S3Failure('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  return tags;
}

export function taggingDocument(tags: readonly ObjectTag[]): string {
  const set = tags.map((tag) => `<Tag>${element('Key', tag.key)}${element('Value', tag.value)}</Tag>`).join('');
  return `${XML_DECLARATION}<Tagging xmlns="${S3_NAMESPACE}"><TagSet>${set}</TagSet></Tagging>`;
}

function checkTags(tags: readonly ObjectTag[]): void {
  if (tags.length > MOST_TAGS) throw new S3Failure('BadRequest', 'Object tags cannot be greater than 10');
  for (const { key, value } of tags) {
    if (key === '' || Array.from(key).length > LONGEST_KEY || !ALLOWED.test(key)) {
      throw new S3Failure('InvalidTag', 'The TagKey you have provided is invalid', { TagKey: key });
    }
    if (key.startsWith('aws:')) throw new S3Failure('InvalidTag', 'System tags cannot be added/updated by requester');
    if (Array.from(value).length > LONGEST_VALUE || !ALLOWED.test(value)) {
      throw new S3Failure('InvalidTag', 'The TagValue you have provided is invalid', { TagKey: key, TagValue: value });
    }
  }
}

function decodeTag(text: string, header: string): string {
  try {
    return decodeQueryText(text);
  } catch {
    throw malformedHeader(header);
  }
}

function malformedHeader(header: string): S3Failure {
  return new S3Failure(
    'InvalidArgument',
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    { ArgumentName: 'x-amz-tagging', ArgumentValue: header },
  );
}
