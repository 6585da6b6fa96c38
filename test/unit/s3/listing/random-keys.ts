import { createHash } from 'node:crypto';
import { compareUtf8 } from '../../../../shared/utf8-order.ts';
import type { Dice } from './dice.ts';

interface KeyForm {
  readonly prefix: string;
  /** The key of the record at a place of so many. */
  readonly key: (at: number, count: number, dice: Dice) => string;
}

/** How people name their records. */
export const KEY_FORMS: Readonly<Record<string, KeyForm>> = {
  numbers: { prefix: 'records/', key: (at) => `records/${padded(at, 7)}.json` },
  'numbers without zeros': { prefix: 'records/', key: (at) => `records/${at}.json` },
  'numbers with a name before': { prefix: '', key: (at) => `export/part/item${padded(at, 12)}.json` },
  UUIDs: { prefix: 'records/', key: (at) => `records/${uuid(at)}.json` },
  hashes: { prefix: '', key: hash },
  'letters and digits': { prefix: 'a/', key: (at) => `a/${Buffer.from(hash(at), 'hex').toString('base64url')}` },
  dates: { prefix: 'log/', key: (at, count) => `log/${day(at, count).replaceAll('-', '/')}/${uuid(at)}.json` },
  partitions: { prefix: 'log/', key: (at, count) => `log/year=${day(at, count)}/part-${padded(at, 5)}.json` },
  times: { prefix: '', key: (at) => `${new Date(1_700_000_000_000 + at * 61_234).toISOString()}.json` },
  'mixed lengths': { prefix: '', key: (at, _, dice) => hash(at).slice(0, dice.integer(1, 12)) + at.toString(36) },
  'a hot prefix': {
    prefix: '',
    key: (at, _, dice) =>
      at % 50 === 0 ? `${dice.pick(['a', 'b', 'c', 'd', 'k', 'm'])}/${at}` : `hot/${padded(at, 8)}`,
  },
  'two folders': { prefix: '', key: (at, count) => `${at < count / 2 ? 'a' : 'z'}/${padded(at, 6)}` },
  'a long common beginning': { prefix: '', key: (at) => `${'x'.repeat(100)}/${uuid(at)}` },
  'any Unicode': {
    prefix: '',
    key: (at, _, dice) =>
      String.fromCodePoint(dice.pick([0x61, 0x3b1, 0x4e00, 0xe000, 0xfb00, 0x1f600]) + dice.integer(0, 60)) + hash(at),
  },
};

/** In S3's order, without repeats. */
export function randomKeys(
  form: string,
  count: number,
  dice: Dice,
): { readonly keys: string[]; readonly prefix: string } {
  const { prefix, key } = KEY_FORMS[form] ?? { prefix: '', key: () => '' };
  const keys = new Set(Array.from({ length: count }, (_, at) => key(at, count, dice)));
  return { keys: [...keys].toSorted(compareUtf8), prefix };
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}

function hash(number: number): string {
  return createHash('md5').update(String(number)).digest('hex');
}

function uuid(number: number): string {
  return hash(number).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function day(at: number, count: number): string {
  return new Date(Date.UTC(2023, 0, 1) + (at / count) * 730 * 86_400_000).toISOString().slice(0, 10);
}
