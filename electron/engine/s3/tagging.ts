import type { Tag } from '../../../shared/record.ts';
import { encodeComponent } from './uri-encoding.ts';
import { eachElement, elementText, escapeXml, findElement, namespacePrefix } from './xml.ts';

/** The answer to GetObjectTagging; null where the text is no such answer. */
export function readTagging(xml: string): readonly Tag[] | null {
  const p = namespacePrefix(xml);
  const root = findElement(xml, `${p}Tagging`, 0, xml.length);
  if (root === null) return null;
  return Array.from(eachElement(xml.slice(root.start, root.end), `${p}Tag`), (entry) => ({
    key: elementText(entry, `${p}Key`) ?? '',
    value: elementText(entry, `${p}Value`) ?? '',
  }));
}

/** The body of PutObjectTagging. */
export function writeTagging(tags: readonly Tag[]): string {
  const entries = tags.map(
    ({ key, value }) => `<Tag><Key>${escapeXml(key)}</Key><Value>${escapeXml(value)}</Value></Tag>`,
  );
  return `<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>${entries.join('')}</TagSet></Tagging>`;
}

/** The value of `x-amz-tagging`. */
export function taggingHeader(tags: readonly Tag[]): string {
  return tags.map(({ key, value }) => `${encodeComponent(key)}=${encodeComponent(value)}`).join('&');
}
