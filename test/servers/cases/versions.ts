import {
  S3ServiceException,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type S3,
} from '@aws-sdk/client-s3';
import { casesOf, type World } from '../case.ts';
import { outcome, status, text } from '../observe.ts';

function setVersioning({ s3, Bucket }: World, Status: 'Enabled' | 'Suspended'): Promise<object> {
  return s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status } });
}

async function put({ s3, Bucket }: World, Body: string, Key = 'a'): Promise<string> {
  return (await s3.putObject({ Bucket, Key, Body })).VersionId ?? 'none';
}

/** Each version and marker as one line; `names` gives words to the ids that a case knows. */
async function list(
  s3: S3,
  input: ListObjectVersionsCommandInput,
  names: ReadonlyMap<string, string> = new Map(),
): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions(input);
  const line =
    (kind: string) =>
    ({ Key, VersionId = '', IsLatest }: { Key?: string; VersionId?: string; IsLatest?: boolean }): string =>
      `${Key} ${kind} ${names.get(VersionId) ?? VersionId}${IsLatest === true ? ' latest' : ''}`;
  return [...Versions.map(line('version')), ...DeleteMarkers.map(line('marker'))];
}

async function deleteMarkerOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const header = error.$response?.headers['x-amz-delete-marker'] ?? null;
    return [error.name, error.$metadata.httpStatusCode, header];
  }
}

const configuration = [
  ...casesOf('GetBucketVersioning', [
    {
      name: 'answers no status for a bucket that never kept versions, then the one that was set',
      run: async (world) => {
        const { s3, Bucket } = world;
        const read = async (): Promise<string> => (await s3.getBucketVersioning({ Bucket })).Status ?? 'none';
        const first = await read();
        await setVersioning(world, 'Enabled');
        const second = await read();
        await setVersioning(world, 'Suspended');
        return [first, second, await read()];
      },
      expected: ['none', 'Enabled', 'Suspended'],
    },
  ]),
  ...casesOf('PutBucketVersioning', [
    {
      name: 'refuses a status that does not exist',
      run: async ({ s3, Bucket }) => {
        const Status: string = 'Paused';
        return outcome(s3.putBucketVersioning({ Bucket, VersioningConfiguration: Object({ Status }) }));
      },
      expected: 'MalformedXML 400',
    },
    {
      name: 'makes the objects that were there the version null',
      run: async (world) => {
        const { s3, Bucket } = world;
        await put(world, 'old');
        await setVersioning(world, 'Enabled');
        const names = new Map([[await put(world, 'new'), 'NEW']]);
        return [await list(s3, { Bucket }, names), await text(s3.getObject({ Bucket, Key: 'a', VersionId: 'null' }))];
      },
      expected: [['a version NEW latest', 'a version null'], 'old'],
    },
  ]),
];

const reading = casesOf('GetObject', [
  {
    name: 'reads each version by its id, and the latest without',
    run: async (world) => {
      const { s3, Bucket } = world;
      await setVersioning(world, 'Enabled');
      const [first, second] = [await put(world, 'first'), await put(world, 'second')];
      return [
        first !== second,
        await text(s3.getObject({ Bucket, Key: 'a' })),
        await text(s3.getObject({ Bucket, Key: 'a', VersionId: first })),
        (await s3.headObject({ Bucket, Key: 'a', VersionId: first })).VersionId === first,
        (await s3.getObject({ Bucket, Key: 'a' })).VersionId === second,
      ];
    },
    expected: [true, 'second', 'first', true, true],
  },
  {
    name: 'says of a deleted object that a marker hides it',
    source: 'Working with delete markers (User Guide)',
    run: async (world) => {
      const { s3, Bucket } = world;
      await setVersioning(world, 'Enabled');
      await put(world, 'first');
      const { VersionId } = await s3.deleteObject({ Bucket, Key: 'a' });
      return [
        await deleteMarkerOf(s3.getObject({ Bucket, Key: 'a' })),
        await deleteMarkerOf(s3.getObject({ Bucket, Key: 'a', VersionId })),
        await status(s3.headObject({ Bucket, Key: 'a' })),
        await status(s3.headObject({ Bucket, Key: 'a', VersionId })),
      ];
    },
    expected: [['NoSuchKey', 404, 'true'], ['MethodNotAllowed', 405, 'true'], 404, 405],
  },
  {
    name: 'refuses an id that is none, and a version that is gone',
    run: async (world) => {
      const { s3, Bucket } = world;
      await setVersioning(world, 'Enabled');
      const VersionId = await put(world, 'first');
      await put(world, 'second');
      await s3.deleteObject({ Bucket, Key: 'a', VersionId });
      return [
        await outcome(s3.getObject({ Bucket, Key: 'a', VersionId: 'made-up' })),
        await outcome(s3.getObject({ Bucket, Key: 'a', VersionId })),
      ];
    },
    expected: ['InvalidArgument 400', 'NoSuchVersion 404'],
  },
]);

const deleting = [
  ...casesOf('DeleteObject', [
    {
      name: 'puts a marker over versions, and the removal of the marker brings the object back',
      source: 'Working with delete markers (User Guide)',
      run: async (world) => {
        const { s3, Bucket } = world;
        await setVersioning(world, 'Enabled');
        await put(world, 'first');
        const marker = await s3.deleteObject({ Bucket, Key: 'a' });
        const listed = (await s3.listObjectsV2({ Bucket })).KeyCount;
        const undone = await s3.deleteObject({ Bucket, Key: 'a', VersionId: marker.VersionId });
        return [
          marker.DeleteMarker,
          listed,
          undone.DeleteMarker,
          undone.VersionId === marker.VersionId,
          await text(s3.getObject({ Bucket, Key: 'a' })),
        ];
      },
      expected: [true, 0, true, true, 'first'],
    },
    {
      name: 'removes a version for good by its id, and the one before becomes the latest',
      run: async (world) => {
        const { s3, Bucket } = world;
        await setVersioning(world, 'Enabled');
        const [first, second] = [await put(world, 'first'), await put(world, 'second')];
        const { DeleteMarker = null } = await s3.deleteObject({ Bucket, Key: 'a', VersionId: second });
        const names = new Map([[first, 'FIRST']]);
        return [DeleteMarker, await list(s3, { Bucket }, names), await text(s3.getObject({ Bucket, Key: 'a' }))];
      },
      expected: [null, ['a version FIRST latest'], 'first'],
    },
    {
      name: 'puts a marker where there was nothing',
      source: 'Working with delete markers (User Guide)',
      run: async (world) => {
        await setVersioning(world, 'Enabled');
        const { s3, Bucket } = world;
        const { VersionId = '', DeleteMarker } = await s3.deleteObject({ Bucket, Key: 'a' });
        return [DeleteMarker, await list(s3, { Bucket }, new Map([[VersionId, 'MARKER']]))];
      },
      expected: [true, ['a marker MARKER latest']],
    },
    {
      name: 'with If-Match puts its marker only over the version that its caller saw',
      source: 'How to perform conditional deletes (User Guide)',
      run: async (world) => {
        await setVersioning(world, 'Enabled');
        const { s3, Bucket } = world;
        const [old, now] = [
          await s3.putObject({ Bucket, Key: 'a', Body: 'old' }),
          await s3.putObject({ Bucket, Key: 'a', Body: 'new' }),
        ];
        const remove = (IfMatch: string | undefined): Promise<string> =>
          outcome(s3.deleteObject({ Bucket, Key: 'a', IfMatch }));
        return [await remove(old.ETag), await remove(now.ETag), (await list(s3, { Bucket })).length];
      },
      expected: ['PreconditionFailed 412', 'done', 3],
    },
    {
      name: 'is no error for a version that is gone',
      run: async (world) => {
        await setVersioning(world, 'Enabled');
        const { s3, Bucket } = world;
        const VersionId = await put(world, 'first');
        const remove = (): Promise<number | undefined> => status(s3.deleteObject({ Bucket, Key: 'a', VersionId }));
        return [await remove(), await remove()];
      },
      expected: [204, 204],
    },
  ]),
  ...casesOf('DeleteObjects', [
    {
      name: 'tells of the markers it made, and of versions and markers it removed by their ids',
      run: async (world) => {
        const { s3, Bucket } = world;
        await setVersioning(world, 'Enabled');
        const VersionId = await put(world, 'first');
        const made = await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: 'a' }] } });
        const [marker] = made.Deleted ?? [];
        const Objects = [
          { Key: 'a', VersionId },
          { Key: 'a', VersionId: marker?.DeleteMarkerVersionId },
        ];
        const removed = await s3.deleteObjects({ Bucket, Delete: { Objects } });
        return [
          [marker?.DeleteMarker, (marker?.DeleteMarkerVersionId ?? '') !== ''],
          (removed.Deleted ?? []).map((one) => (one.DeleteMarker === true ? 'marker' : 'version')).toSorted(),
          await list(s3, { Bucket }),
        ];
      },
      expected: [[true, true], ['marker', 'version'], []],
    },
  ]),
];

const suspended = casesOf('PutObject', [
  {
    name: 'replaces only the version null where versions are suspended',
    source: 'Working with objects in a versioning-suspended bucket (User Guide)',
    run: async (world) => {
      const { s3, Bucket } = world;
      await setVersioning(world, 'Enabled');
      const names = new Map([[await put(world, 'kept'), 'KEPT']]);
      await setVersioning(world, 'Suspended');
      await put(world, 'replaced');
      await put(world, 'last');
      return [await list(s3, { Bucket }, names), await text(s3.getObject({ Bucket, Key: 'a' }))];
    },
    expected: [['a version null latest', 'a version KEPT'], 'last'],
  },
  {
    name: 'loses its version null to a marker null where versions are suspended',
    source: 'Working with objects in a versioning-suspended bucket (User Guide)',
    run: async (world) => {
      const { s3, Bucket } = world;
      await setVersioning(world, 'Enabled');
      const names = new Map([[await put(world, 'kept'), 'KEPT']]);
      await setVersioning(world, 'Suspended');
      await put(world, 'replaced');
      const { DeleteMarker, VersionId } = await s3.deleteObject({ Bucket, Key: 'a' });
      return [DeleteMarker, VersionId, await list(s3, { Bucket }, names)];
    },
    expected: [true, 'null', ['a version KEPT', 'a marker null latest']],
  },
]);

const listing = casesOf('ListObjectVersions', [
  {
    name: 'lists keys in order and the newest version of each first',
    run: async (world) => {
      const { s3, Bucket } = world;
      await setVersioning(world, 'Enabled');
      const names = new Map<string, string>();
      for (const [name, Key] of [
        ['B1', 'b'],
        ['A1', 'a'],
        ['A2', 'a'],
      ] as const) {
        names.set(await put(world, name, Key), name);
      }
      names.set((await s3.deleteObject({ Bucket, Key: 'b' })).VersionId ?? '', 'B2');
      return list(s3, { Bucket }, names);
    },
    expected: ['a version A2 latest', 'a version A1', 'b version B1', 'b marker B2 latest'],
  },
  {
    name: 'goes on behind the markers it gave, inside a key too',
    run: async (world) => {
      const { s3, Bucket } = world;
      await setVersioning(world, 'Enabled');
      for (const Key of ['a', 'a', 'a', 'b', 'b']) await put(world, 'x', Key);
      const pages: (string | undefined)[][] = [];
      let markers: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
      while (markers !== null && pages.length < 10) {
        const page: ListObjectVersionsCommandOutput = await s3.listObjectVersions({ Bucket, MaxKeys: 2, ...markers });
        pages.push((page.Versions ?? []).map(({ Key }) => Key));
        markers =
          page.IsTruncated === true
            ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
            : null;
      }
      return pages;
    },
    expected: [['a', 'a'], ['a', 'b'], ['b']],
  },
  {
    name: 'groups keys by a delimiter and takes a prefix',
    run: async (world) => {
      const { s3, Bucket } = world;
      for (const Key of ['a/1', 'a/2', 'b']) await put(world, 'x', Key);
      const grouped = await s3.listObjectVersions({ Bucket, Delimiter: '/' });
      const below = await s3.listObjectVersions({ Bucket, Prefix: 'a/' });
      return [
        grouped.CommonPrefixes?.map(({ Prefix }) => Prefix),
        grouped.Versions?.map(({ Key }) => Key),
        below.Versions?.map(({ Key, VersionId }) => `${Key} ${VersionId}`),
      ];
    },
    expected: [['a/'], ['b'], ['a/1 null', 'a/2 null']],
  },
]);

const others = [
  ...casesOf('CopyObject', [
    {
      name: 'copies an older version',
      run: async (world) => {
        const { s3, Bucket } = world;
        await setVersioning(world, 'Enabled');
        const first = await put(world, 'first');
        await put(world, 'second');
        const copied = await s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a?versionId=${first}` });
        return [
          copied.CopySourceVersionId === first,
          (copied.VersionId ?? '') !== '',
          await text(s3.getObject({ Bucket, Key: 'b' })),
        ];
      },
      expected: [true, true, 'first'],
    },
    {
      name: 'refuses a source that a marker hides',
      run: async (world) => {
        const { s3, Bucket } = world;
        await setVersioning(world, 'Enabled');
        await put(world, 'first');
        const { VersionId } = await s3.deleteObject({ Bucket, Key: 'a' });
        const copy = (CopySource: string): Promise<string> => outcome(s3.copyObject({ Bucket, Key: 'b', CopySource }));
        return [await copy(`${Bucket}/a`), await copy(`${Bucket}/a?versionId=${VersionId}`)];
      },
      expected: ['NoSuchKey 404', 'InvalidRequest 400'],
    },
  ]),
  ...casesOf('PutObjectTagging', [
    {
      name: 'sets the tags of one version',
      run: async (world) => {
        const { s3, Bucket } = world;
        await setVersioning(world, 'Enabled');
        const VersionId = await put(world, 'first');
        await put(world, 'second');
        const TagSet = [{ Key: 'a', Value: 'b' }];
        await s3.putObjectTagging({ Bucket, Key: 'a', VersionId, Tagging: { TagSet } });
        return [
          (await s3.getObjectTagging({ Bucket, Key: 'a', VersionId })).TagSet,
          (await s3.getObjectTagging({ Bucket, Key: 'a' })).TagSet,
        ];
      },
      expected: [[{ Key: 'a', Value: 'b' }], []],
    },
  ]),
  ...casesOf('CompleteMultipartUpload', [
    {
      name: 'makes a version of its own',
      run: async (world) => {
        const { s3, Bucket } = world;
        await setVersioning(world, 'Enabled');
        await put(world, 'first');
        const Key = 'a';
        const { UploadId } = await s3.createMultipartUpload({ Bucket, Key });
        const { ETag } = await s3.uploadPart({ Bucket, Key, UploadId, PartNumber: 1, Body: 'second' });
        const Parts = [{ PartNumber: 1, ETag }];
        const { VersionId } = await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
        return [await text(s3.getObject({ Bucket, Key, VersionId })), (await list(s3, { Bucket })).length];
      },
      expected: ['second', 2],
    },
  ]),
];

export const versions = [...configuration, ...reading, ...deleting, ...suspended, ...listing, ...others];
