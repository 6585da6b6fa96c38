import { expect, test } from 'vitest';
import { bareEtag, etagOfParts, isEtagOf, md5Of, partsOfEtag, sameEtag } from '../../../electron/engine/s3/etag.ts';

const MD5 = md5Of(Buffer.from('{}'));

test.each([`"${MD5}"`, MD5, `W/"${MD5}"`, `"${MD5.toUpperCase()}"`])(
  '%s is the ETag of a body with that MD5',
  (etag) => {
    expect([bareEtag(etag), isEtagOf(etag, MD5), sameEtag(etag, `"${MD5}"`)]).toEqual([MD5, true, true]);
  },
);

test('an ETag that is no MD5 names another object where its letter case is another', () => {
  expect([sameEtag('"aB3"', 'W/"aB3"'), sameEtag('"aB3"', '"ab3"')]).toEqual([true, false]);
});

test('an object of parts has an ETag that says how many they are', () => {
  const etag = etagOfParts([Buffer.from(MD5, 'hex'), Buffer.from(MD5, 'hex')]);
  expect([partsOfEtag(etag), partsOfEtag(`"${etag.toUpperCase()}"`), partsOfEtag(`"${MD5}"`)]).toEqual([2, 2, null]);
  expect(sameEtag(`"${etag}"`, etag.toUpperCase())).toBe(true);
});
