import { expect, test } from 'vitest';
import { fuzzyMatch } from '../../../renderer/commands/fuzzy-match.ts';
import { paletteSections, type PaletteItem } from '../../../renderer/commands/palette-items.ts';

const item = (label: string, note: string | null = null): PaletteItem => ({
  id: label,
  label,
  icon: undefined,
  note,
  shortcut: undefined,
  disabled: note !== null,
  run: () => undefined,
});

const COMMANDS = [
  item('New record'),
  item('Copy as JSON'),
  item('Copy as a table'),
  item('Delete the record', 'The connection Archive is read-only'),
  item('Refresh: list the bucket again'),
  item('Show or hide the request log'),
];
const COLLECTIONS = [item('movies'), item('records of 2026')];

/** As a person sees it: sections with their lines, letters that were found in brackets. */
const listed = (typed: string, recent: readonly string[] = []): readonly string[] =>
  paletteSections(typed, COMMANDS, COLLECTIONS, recent).map(
    ({ name, lines }) =>
      `${name}: ${lines
        .map(({ item: { label }, places }) =>
          label
            .split('')
            .map((letter, at) => (places.has(at) ? `[${letter}]` : letter))
            .join('')
            .replaceAll('][', ''),
        )
        .join(' | ')}`,
  );

test('words are found in any order and by the beginnings of words, the best first', () => {
  expect([listed('rec'), listed('record new'), listed('cj'), listed('log req'), listed('xyz')]).toEqual([
    ['Commands: New [rec]ord | Delete the [rec]ord', 'Collections: [rec]ords of 2026'],
    ['Commands: [New] [record]'],
    ['Commands: [C]opy as [J]SON'],
    ['Commands: Show or hide the [req]uest [log]'],
    [],
  ]);
});

test('what cannot be done comes last; # and > ask for one kind; nothing typed begins with what was chosen last', () => {
  expect([listed('>the rec'), listed('#'), listed('', ['movies', 'gone', 'New record'])]).toEqual([
    ['Commands: Delete [the] [rec]ord'],
    ['Collections: movies | records of 2026'],
    [
      'Recent: movies | New record',
      'Commands: Copy as JSON | Copy as a table | Refresh: list the bucket again | Show or hide the request log | Delete the record',
      'Collections: records of 2026',
    ],
  ]);
});

test('a search takes no longer for a name made to be hard', () => {
  const name = 'a '.repeat(200);
  expect(fuzzyMatch(name, `${'a'.repeat(30)}b`)).toBeNull();
});
