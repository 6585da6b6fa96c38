import { expect, test } from 'vitest';
import {
  cellText,
  gridColumns,
  isOdd,
  nestedMark,
  standsRight,
  type CellValue,
} from '../../../renderer/grid/columns.ts';
import { summariseNested } from '../../../renderer/grid/nested-summary.ts';
import type { FieldKind, ValueKind } from '../../../shared/page.ts';

function shown(kind: FieldKind, valueKind: ValueKind, text: string, name = 'x'): string {
  const column = gridColumns([{ name, field: name, kind }])[1];
  if (column === undefined) throw new Error('no column');
  const value: CellValue = { kind: valueKind, text, fullLength: null };
  const marks = [isOdd(value, column) ? 'odd' : '', standsRight(value, column) ? 'right' : ''];
  const nested = valueKind === 'list' || valueKind === 'object' ? nestedMark(value) : '';
  return [`${nested} ${cellText(value, column)}`.trim(), ...marks].filter((part) => part !== '').join(' | ');
}

test('a cell shows its value by kind, and keeps every digit', () => {
  expect([
    shown('number', 'number', '9007199254740993'),
    shown('number', 'number', '-1234567.50'),
    shown('number', 'number', '1998', 'release_year'),
    shown('number', 'number', '1998'),
    shown('number', 'number', '6000'),
    shown('number', 'number', '1e400'),
    shown('number', 'null', ''),
    shown('number', 'string', '129,90'),
    shown('string', 'string', ''),
    shown('string', 'string', 'two\nlines'),
    shown('date', 'string', '2026-04-17T16:11:00Z'),
    shown('date', 'string', ''),
    shown('string', 'number', '1776'),
    shown('boolean', 'boolean', 'false'),
    shown('list', 'list', '[]'),
    shown('object', 'object', '{}'),
    shown('object', 'object', '{"name":"Ana \\"A\\" Reis","address":{"city":"Porto"}}'),
    shown('list', 'list', '["A-1009", {"b":[1,2]}, 3]'),
  ]).toEqual([
    '9,007,199,254,740,993 | right',
    '-1,234,567.50 | right',
    '1998 | right',
    '1,998 | right',
    '6,000 | right',
    '1e400 | right',
    'null | right',
    '129,90 | odd',
    '""',
    'two lines',
    '2026-04-17 16:11:00Z',
    '"" | odd',
    '1776 | odd',
    'false',
    '[]',
    '{0}',
    '{2} Ana "A" Reis',
    '[3] A-1009, {1}, 3',
  ]);
});

test('a list that was clipped says that there are more', () => {
  const text = `[${Array.from({ length: 400 }, (_, place) => place).join(',')}]`.slice(0, 1024);
  const { count, exact } = summariseNested(text);
  expect([count > 200, exact]).toEqual([true, false]);
});

test('the columns are the id, the fields as they come, then what S3 knows', () => {
  const columns = gridColumns([
    { name: 'size', field: 'size', kind: 'number' },
    { name: 'a.b', field: null, kind: 'string' },
  ]);
  expect(columns.map(({ id, sortField }) => [id, sortField])).toEqual([
    ['@id', 'id'],
    ['field:size', 'size'],
    ['field:a.b', null],
    ['@class', null],
    ['@size', null],
    ['@modified', null],
  ]);
});
