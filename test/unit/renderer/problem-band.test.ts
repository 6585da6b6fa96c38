import { expect, test } from 'vitest';
import { gridColumns, type GridColumn } from '../../../renderer/grid/columns.ts';
import { problemBand, widthWithProblems, type ProblemBand } from '../../../renderer/grid/problem-band.ts';

/** Columns in this order, each so many px wide, behind the 24 px of the marks. */
function band(columns: readonly (readonly [string, number])[]): readonly [string, ProblemBand['width'], number] {
  const fields = columns.filter(([name]) => !['id', 'class', 'size', 'modified'].includes(name));
  const all = gridColumns(fields.map(([name]) => ({ name, field: name, kind: 'string' })));
  const shown = columns.flatMap(([wanted]): readonly GridColumn[] => all.filter(({ name }) => name === wanted));
  const edges = columns.reduce<readonly number[]>((before, [, px]) => [...before, (before.at(-1) ?? 0) + px], [24]);
  const { from, to, left, width } = problemBand(shown, edges);
  expect(left).toBe(edges[from]);
  const over = shown.slice(from, to).map(({ name }) => name);
  return [over.join(' '), width, widthWithProblems(shown, edges)];
}

test('a row that is no record has room to say why: over its fields and what is beside them, never over the id', () => {
  expect([
    band([
      ['id', 80],
      ['title', 240],
      ['genre', 240],
      ['class', 90],
      ['size', 80],
    ]),
    band([
      ['id', 80],
      ['name', 90],
      ['n', 80],
      ['class', 310],
      ['size', 80],
    ]),
    band([
      ['id', 80],
      ['name', 90],
      ['class', 90],
      ['size', 80],
    ]),
    band([
      ['id', 80],
      ['class', 90],
      ['size', 80],
    ]),
    band([
      ['name', 90],
      ['id', 80],
      ['title', 600],
      ['class', 90],
    ]),
    band([
      ['title', 600],
      ['id', 80],
    ]),
  ]).toEqual([
    ['title genre', 480, 754],
    ['name n class', 480, 664],
    ['name class size', null, 584],
    ['', null, 754],
    ['', null, 1364],
    ['title', 600, 704],
  ]);
});
