import { describe, expect, test } from 'vitest';
import { readTagging, taggingHeader, writeTagging } from '../../../electron/engine/s3/tagging.ts';

describe('tags', () => {
  const tags = [
    { key: 'reviewed', value: 'yes' },
    { key: 'über & <unter>', value: 'a=b&c "d"\n\té' },
    { key: 'empty', value: '' },
  ];

  test('come back from XML as they were written', () => {
    expect(readTagging(writeTagging(tags))).toEqual(tags);
  });

  test('go into the header of a PUT encoded', () => {
    expect(taggingHeader(tags)).toBe(
      'reviewed=yes&%C3%BCber%20%26%20%3Cunter%3E=a%3Db%26c%20%22d%22%0A%09%C3%A9&empty=',
    );
  });

  test('of an object without any are an empty list, and another document is none', () => {
    expect(readTagging('<Tagging><TagSet/></Tagging>')).toEqual([]);
    expect(readTagging('<Error><Code>NoSuchKey</Code></Error>')).toBeNull();
  });
});
