import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';
import { seededDice } from '../../unit/s3/listing/dice.ts';
import { randomKeys } from '../../unit/s3/listing/random-keys.ts';
import { engineCasesOf, type EngineWorld } from './engine-case.ts';
import { keysOf } from './observe-engine.ts';

const FORMS = ['numbers', 'UUIDs', 'any Unicode', 'dates', 'a hot prefix', 'mixed lengths'];
const EACH = 600;
/** Pages of a form: too many for one request, as with a million keys. */
const PAGE = 50;

async function write(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  const body = Buffer.from('{}');
  await Promise.all(keys.map((key) => client.putObject(bucket, key, body, { lane: 'bulk' })));
}

/** The keys that tiles find, and how many of them twice. */
async function atOnce(
  { client, Bucket }: EngineWorld,
  options: { readonly prefix?: string; readonly maxKeys?: number },
): Promise<readonly string[]> {
  let keys: string[] = [];
  for await (const { objects, startsAgain } of client.listAllObjectsAtOnce(Bucket, options)) {
    if (startsAgain) keys = [];
    keys.push(...objects.map(({ key }) => key));
  }
  return keys.toSorted(compareUtf8);
}

/** `as written`, or what is wrong. */
function compare(listed: readonly string[], written: readonly string[]): string {
  const there = new Set(listed);
  const missing = written.filter((key) => !there.has(key)).length;
  const known = new Set(written);
  const foreign = [...there].filter((key) => !known.has(key)).length;
  const repeated = listed.length - there.size;
  if (missing + foreign + repeated > 0) return `${missing} missing, ${foreign} foreign, ${repeated} twice`;
  return listed.every((key, at) => key === written[at]) ? 'as written' : 'in another order';
}

export const listing = engineCasesOf('Engine: listing', [
  {
    name: 'lists 3,600 keys of six forms by many requests at once, page after page, and each form below its prefix',
    run: async (world) => {
      const { client, Bucket } = world;
      const dice = seededDice(7);
      const forms = FORMS.map((form) => {
        const { keys, prefix } = randomKeys(form, EACH, dice);
        return { form, prefix: `${form}/${prefix}`, keys: keys.map((key) => `${form}/${key}`) };
      });
      const all = forms.flatMap(({ keys }) => keys).toSorted(compareUtf8);
      await write(client, Bucket, all);
      const seen: Record<string, unknown> = {
        'at once': compare(await atOnce(world, {}), all),
        'in turn': compare(await keysOf(client, Bucket), all),
      };
      for (const { form, prefix, keys } of forms) {
        seen[form] = [
          compare(await atOnce(world, { prefix, maxKeys: PAGE }), keys),
          compare(await keysOf(client, Bucket, { prefix, maxKeys: PAGE }), keys),
        ];
      }
      return seen;
    },
    expected: {
      'at once': 'as written',
      'in turn': 'as written',
      ...Object.fromEntries(FORMS.map((form) => [form, ['as written', 'as written']])),
    },
  },
  {
    name: 'shows folders and what lies beside them, page after page',
    run: async ({ client, Bucket }) => {
      const keys = ['a', 'b c/1', 'b c/2', 'b+/1', 'b/', 'b//1', 'b/1', 'c/ü/1', 'd', 'ü/1', '😀/1'];
      await write(client, Bucket, keys);
      const walk = async (options: { readonly prefix?: string; readonly delimiter: string }) => {
        const folders: string[] = [];
        const objects: string[] = [];
        for await (const page of client.listAllObjects(Bucket, { ...options, maxKeys: 2 })) {
          folders.push(...page.commonPrefixes);
          objects.push(...page.objects.map(({ key }) => key));
        }
        return { folders, objects };
      };
      return [
        await walk({ delimiter: '/' }),
        await walk({ delimiter: '/', prefix: 'b/' }),
        await keysOf(client, Bucket, { startAfter: 'b/', maxKeys: 2 }),
      ];
    },
    expected: [
      { folders: ['b c/', 'b+/', 'b/', 'c/', 'ü/', '😀/'], objects: ['a', 'd'] },
      { folders: ['b//'], objects: ['b/', 'b/1'] },
      ['b//1', 'b/1', 'c/ü/1', 'd', 'ü/1', '😀/1'],
    ],
  },
  {
    name: 'tells what it lists by ETag, size, class and time',
    run: async ({ client, Bucket }) => {
      const { etag } = await client.putObject(Bucket, 'a', Buffer.from('Dipper'), {});
      const { objects } = await client.listObjectsV2(Bucket, {});
      return objects.map(({ key, size, storageClass, lastModified, etag: listed }) => ({
        key,
        size,
        storageClass,
        etag: listed === etag,
        time: Math.abs(Date.now() - lastModified) < 600_000,
      }));
    },
    expected: [{ key: 'a', size: 6, storageClass: 'STANDARD', etag: true, time: true }],
  },
]);
