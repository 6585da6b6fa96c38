import { expect, test } from 'vitest';
import { readDate } from '../../../../electron/engine/s3/listing/read-date.ts';
import { seededDice } from './dice.ts';

test('a date of a listing is what Date.parse says, whatever stands there', () => {
  const dice = seededDice(7);
  for (let at = 0; at < 1_000; at += 1) {
    const text = new Date(dice.integer(-6e13, 2.5e14)).toISOString().replace(/^\+00/, '');
    const place = dice.integer(0, text.length);
    for (const written of [
      text,
      ` ${text}\n`,
      text.replace(/\.\d+/, ''),
      text.slice(0, place) + dice.pick(['9', '0', ' ', '', 'Z', '-']) + text.slice(place + 1),
    ]) {
      if (readDate(written) !== (Date.parse(written.trim()) || 0))
        expect({ written, time: readDate(written) }).toEqual({ written, time: Date.parse(written.trim()) });
    }
  }
  expect(readDate('2026-11-24T10:11:12.345Z')).toBe(Date.UTC(2026, 10, 24, 10, 11, 12, 345));
  expect(readDate('yesterday')).toBe(0);
});
