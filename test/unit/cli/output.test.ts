import { describe, expect, test } from 'vitest';
import { jsonLine } from '../../../shared/json/json-line.ts';
import { rowLine } from '../../../electron/cli/row-line.ts';
import { createTableWriter } from '../../../electron/cli/table.ts';
import { clipText, textWidth, visibleText } from '../../../electron/cli/text-width.ts';
import type { PageColumn, ResultPage } from '../../../shared/page.ts';

describe('a record as a line of JSON', () => {
  test('keeps all digits, makes NaN and the infinities strings, and is one line', () => {
    const fields = `{
  "n": 9007199254740993, "f": 1.0, "e": 1e+300, "z": -0.0,\t"bad": [NaN, Infinity, -Infinity],
  "text": "NaN, \\"Infinity\\"  and\\n -Infinity \\\\", "NaN": null }`;
    const line = rowLine({ id: 'a"b', key: 'x/a"b.json', fields, metadata: null, problem: null });
    expect(line).toBe(
      '{"id":"a\\"b","key":"x/a\\"b.json","fields":{"n":9007199254740993,"f":1.0,"e":1e+300,"z":-0.0,"bad":["NaN","Infinity","-Infinity"],"text":"NaN, \\"Infinity\\"  and\\n -Infinity \\\\","NaN":null},"metadata":null}',
    );
    expect(JSON.parse(line)).toMatchObject({ fields: { bad: ['NaN', 'Infinity', '-Infinity'] } });
  });

  test('is the reason where the object is no record', () => {
    const row = { id: 'a', key: 'a.json', fields: null, metadata: null, problem: 'It is no JSON.' };
    expect(rowLine(row)).toBe('{"id":"a","key":"a.json","error":"It is no JSON."}');
  });

  test('of any depth and length comes out whole', () => {
    const deep = `${'['.repeat(50_000)} ${']'.repeat(50_000)}`;
    expect(jsonLine(deep)).toBe(deep.replace(' ', ''));
    const long = `"${'x\\"'.repeat(200_000)}"`;
    expect(jsonLine(long)).toBe(long);
  });
});

const column = (kinds: string, texts: readonly string[]): PageColumn => ({ kinds, texts, clipped: {} });

describe('a table', () => {
  const page: ResultPage = {
    from: 0,
    keys: ['1.json', '2.json', '3.json', '4.json'],
    ids: ['1', '二', '3', 'a-long-id'],
    forms: ['plain', 'plain', 'plain', 'plain'],
    etags: ['"1"', '"2"', '"3"', '"4"'],
    sizes: [1, 1, 1, 1],
    lastModified: [null, null, null, null],
    storageClasses: ['STANDARD', 'STANDARD', 'STANDARD', 'STANDARD'],
    problems: [null, null, null, 'It is no JSON.'],
    columns: [column('sss-', ['Tōkyō', '東京物語', 'two\nlines\u001b[31m', '']), column('n0n-', ['8.5', '', '12', ''])],
  };

  test('is aligned by what a terminal shows, numbers to the right, null told from missing', () => {
    const columns = [
      { name: 'title', field: 'title', kind: 'string' as const },
      { name: 'rating', field: 'rating', kind: 'number' as const },
    ];
    expect(createTableWriter({ columns, hasIds: true, hasUnreadable: true }).lines(page)).toBe(
      [
        'id         title                 rating  error',
        '---------  --------------------  ------  --------------',
        '1          Tōkyō                    8.5',
        '二         東京物語                null',
        '3          two\\nlines\\u001b[31m      12',
        'a-long-id                                It is no JSON.',
        '',
      ].join('\n'),
    );
  });

  test('gives later pages the widths of the first', () => {
    const writer = createTableWriter({ columns: [], hasIds: true, hasUnreadable: false });
    writer.lines(page);
    expect(writer.lines({ ...page, from: 4, keys: ['5.json'], ids: ['an-even-longer-id'] })).toBe('an-even-…\n');
  });
});

test.each([
  ['abc', 3],
  ['日本', 4],
  ['한국', 4],
  ['e\u0301', 1],
  ['👩‍👩‍👧‍👦', 2],
  ['🇯🇵', 2],
  ['ｱ', 1],
  ['Ａ', 2],
])('%s takes %i cells of a terminal', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test('a text is cut at whole characters, and what could act on a terminal is made visible', () => {
  expect([clipText('日本語', 4), clipText('日本', 4), clipText('e\u0301e\u0301e\u0301', 2)]).toEqual([
    '日…',
    '日本',
    'e\u0301…',
  ]);
  expect(visibleText('a\u0007\u009b\u202e\tb')).toBe('a\\u0007\\u009b\\u202e\\tb');
});
