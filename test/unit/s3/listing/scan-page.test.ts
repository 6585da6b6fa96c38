import { describe, expect, test } from 'vitest';
import { scanListPage } from '../../../../electron/engine/s3/listing/scan-page.ts';

const AWS_PAGE = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>samples</Name><Prefix>a%26b%2F</Prefix><NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken><KeyCount>3</KeyCount><MaxKeys>3</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><Contents><Key>a%26b/one+two%2Bthree.json</Key><LastModified>2026-11-24T10:11:12.000Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>0</Size><Owner><ID>x</ID><DisplayName>Key</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents><Contents><Key>a%26b/%F0%9F%98%80.json</Key><LastModified>2026-11-24T10:11:13.500Z</LastModified><ETag>"a-2"</ETag><Size>5368709121</Size><StorageClass>GLACIER_IR</StorageClass></Contents><CommonPrefixes><Prefix>a%26b/c%0Ad/</Prefix></CommonPrefixes></ListBucketResult>`;

describe('a page of a listing', () => {
  test('from AWS: encoded keys, quoted ETags, sizes beyond 32 bits, prefixes, an opaque token', () => {
    expect(scanListPage(AWS_PAGE)).toEqual({
      objects: [
        {
          key: 'a&b/one two+three.json',
          etag: '"d41d8cd98f00b204e9800998ecf8427e"',
          size: 0,
          lastModified: Date.UTC(2026, 10, 24, 10, 11, 12),
          storageClass: 'STANDARD',
        },
        {
          key: 'a&b/😀.json',
          etag: '"a-2"',
          size: 5_368_709_121,
          lastModified: Date.UTC(2026, 10, 24, 10, 11, 13, 500),
          storageClass: 'GLACIER_IR',
        },
      ],
      commonPrefixes: ['a&b/c\nd/'],
      truncated: true,
      startAfter: null,
      nextContinuationToken: '1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=',
    });
  });

  test('from a server with a namespace prefix, line breaks, attributes, missing elements and no url encoding', () => {
    const page = scanListPage(`<?xml version='1.0'?>
<s3:ListBucketResult xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/">
  <s3:IsTruncated> false </s3:IsTruncated>
  <s3:NextContinuationToken/>
  <s3:Contents xmlns="">
    <s3:Key>100%25 &lt;sure&gt; &#x1F600;+&#13;.json</s3:Key>
    <s3:Size>12</s3:Size>
    <s3:StorageClass/>
  </s3:Contents>
  <s3:Contents><s3:Key><![CDATA[a & b.json]]></s3:Key><s3:ETag>abc</s3:ETag></s3:Contents>
</s3:ListBucketResult>`);
    expect(page).toEqual({
      objects: [
        { key: '100%25 <sure> 😀+\r.json', etag: '', size: 12, lastModified: 0, storageClass: 'STANDARD' },
        { key: 'a & b.json', etag: 'abc', size: 0, lastModified: 0, storageClass: 'STANDARD' },
      ],
      commonPrefixes: [],
      truncated: false,
      startAfter: null,
      nextContinuationToken: null,
    });
  });

  test('a key that is no UTF-8 does not fail the page', () => {
    const page = scanListPage(
      '<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>caf%E9+100%</Key></Contents></ListBucketResult>',
    );
    expect(page?.objects.map((object) => object.key)).toEqual(['caf\ufffd 100%']);
  });

  test.each(['', 'not XML', '<html><body>Sign in to the hotel network</body></html>', '<ListBucketResult><Contents>'])(
    'is not seen in %j',
    (text) => {
      expect(scanListPage(text)).toBeNull();
    },
  );
});
