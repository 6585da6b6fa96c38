/** A seeded generator (mulberry32): numbers from 0 up to, not including, 1. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const STRINGS = [
  '',
  'a',
  'name',
  'ë',
  '😀',
  '__proto__',
  '1',
  '2',
  'a.b',
  'x"y',
  'back\\slash',
  'line\nbreak',
  '\u007f',
];
const NUMBERS = ['0', '-0', '1', '1.0', '-12.50', '1e3', '2E-7', '9007199254740993', '123456789'];
const BLANKS = ['', '', ' ', '\n  ', '\t', '\r\n'];

export function pick<T>(random: () => number, list: readonly T[]): T {
  const picked = list[Math.floor(random() * list.length)];
  if (picked === undefined) throw new Error('the list is empty');
  return picked;
}

/** A JSON text that JSON.parse takes too, with odd blanks, escapes and duplicate names. */
export function randomJson(random: () => number, depth = 4): string {
  const blank = (): string => pick(random, BLANKS);
  const choice = random();
  if (depth > 0 && choice < 0.35) {
    const members = Array.from(
      { length: Math.floor(random() * 5) },
      () => `${blank()}${randomString(random)}${blank()}:${blank()}${randomJson(random, depth - 1)}${blank()}`,
    );
    return `{${members.length === 0 ? blank() : members.join(',')}}`;
  }
  if (depth > 0 && choice < 0.6) {
    const items = Array.from(
      { length: Math.floor(random() * 5) },
      () => blank() + randomJson(random, depth - 1) + blank(),
    );
    return `[${items.length === 0 ? blank() : items.join(',')}]`;
  }
  if (choice < 0.8) return randomString(random);
  return choice < 0.92 ? pick(random, NUMBERS) : pick(random, ['true', 'false', 'null']);
}

export function randomString(random: () => number): string {
  const text = JSON.stringify(pick(random, STRINGS));
  return random() < 0.5
    ? text
    : text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
