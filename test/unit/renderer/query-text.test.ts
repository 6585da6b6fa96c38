import { expect, test } from 'vitest';
import {
  addRule,
  changeMode,
  EMPTY_DRAFT,
  newCondition,
  newGroup,
  removeRule,
  type DraftCondition,
  type DraftGroup,
} from '../../../renderer/query/draft.ts';
import { readList } from '../../../renderer/query/list-text.ts';
import { missingIn } from '../../../renderer/query/missing.ts';
import { operatorsFor } from '../../../renderer/query/operator-words.ts';
import { withKnownKinds, withOperator, withPlace, withValueType } from '../../../renderer/query/operators.ts';
import { QUERY_SYNTAX } from '../../../renderer/query/query-syntax.ts';
import { queryText } from '../../../renderer/query/query-text.ts';
import { parseWhere } from '../../../shared/query-text/parse-where.ts';

function condition(part: Partial<DraftCondition>): DraftCondition {
  return { ...newCondition(), place: { field: 'rating' }, ...part };
}

function all(...rules: DraftGroup['rules']): DraftGroup {
  return { ...EMPTY_DRAFT, rules };
}

test('building rating > 8 and (genre in … or title like …) by clicking gives that query', () => {
  const rating = { ...withOperator(withPlace(newCondition(), { field: 'rating' }, 'number'), '>'), values: ['8'] };
  const genre = {
    ...withOperator(withPlace(newCondition(), { field: 'genre' }, 'string'), 'in'),
    items: readList('["Drama", "Co\\"medy"]', 'string'),
  };
  const title = { ...withOperator(withPlace(newCondition(), { field: 'title' }, 'string'), 'like'), values: ['%war%'] };
  const inner = { ...newGroup('any'), rules: [genre, title] };
  const draft = addRule(addRule(EMPTY_DRAFT, EMPTY_DRAFT.id, rating), EMPTY_DRAFT.id, inner);

  expect(JSON.parse(queryText(draft, [{ field: 'rating', direction: 'desc' }]))).toEqual({
    where: {
      combinator: 'and',
      rules: [
        { field: 'rating', operator: '>', value: 8 },
        {
          combinator: 'or',
          rules: [
            { field: 'genre', operator: 'in', value: ['Drama', 'Co"medy'] },
            { field: 'title', operator: 'like', value: '%war%' },
          ],
        },
      ],
    },
    sort: [{ field: 'rating', direction: 'desc' }],
  });
});

test('"none of these" is the NOT of "any of these"', () => {
  const draft = changeMode(all(condition({ operator: 'exists', values: [] })), EMPTY_DRAFT.id, 'none');
  expect(JSON.parse(queryText(draft, [])).where).toEqual({
    combinator: 'or',
    not: true,
    rules: [{ field: 'rating', operator: 'exists' }],
  });
});

test('a number keeps every digit that was typed', () => {
  const items = readList('9007199254740993, 1.5, -0, 1e400, NaN', 'number');
  const draft = all(condition({ valueKind: 'number', operator: 'in', items }));
  expect(queryText(draft, [])).toBe(
    '{"where":{"field":"rating","operator":"in","value":[9007199254740993,1.5,-0.0,Infinity,NaN]}}',
  );
});

test('conditions that are not complete are not run, nor are groups that hold no other', () => {
  const draft = all(
    condition({ place: null }),
    condition({ valueKind: 'number', operator: '>', values: [''] }),
    condition({ valueKind: 'boolean', operator: '=', values: ['true'] }),
    { ...newGroup('any'), rules: [condition({ operator: 'in', items: [] })] },
  );
  expect(JSON.parse(queryText(draft, []))).toEqual({
    where: { field: 'rating', operator: '=', value: true },
  });
  expect(queryText(all(condition({ place: null })), [])).toBe('{}');
});

test.each([
  [{ place: null }, 'choose a field'],
  [{ valueKind: 'number', operator: '>=', values: [''] }, 'add a number'],
  [{ valueKind: 'number', operator: '>=', values: ['8,5'] }, '8,5 is no number'],
  [{ valueKind: 'date', operator: '<', values: ['2024-02-30'] }, '2024-02-30 is no date'],
  [{ valueKind: 'date', operator: 'starts_with', values: ['2024-02'] }, null],
  [{ operator: 'like', values: [''] }, 'add a pattern'],
  [{ operator: '=', values: [''] }, null],
  [{ operator: 'in', items: [] }, 'add at least one value'],
  [{ valueKind: 'number', operator: 'between', values: ['1', ''] }, 'add the upper end'],
  [{ operator: 'not_exists', values: [] }, null],
] as const)('the builder says what %j lacks', (part, missing) => {
  expect(missingIn(condition(part))).toBe(missing);
});

test('removing the last condition of a group removes the group', () => {
  const only = condition({});
  const draft = all({ ...newGroup('any'), rules: [{ ...newGroup('none'), rules: [only] }] });
  expect(removeRule(draft, only.id)).toEqual(EMPTY_DRAFT);
});

test('choosing another field or type keeps what fits and offers only operators that fit', () => {
  const number = condition({ valueKind: 'number', operator: 'between', values: ['1', '2'] });
  expect(withPlace(number, { field: 'votes' }, 'number')).toMatchObject({ operator: 'between', values: ['1', '2'] });
  expect(withPlace(number, { field: 'paid' }, 'boolean')).toMatchObject({
    operator: '=',
    valueKind: 'boolean',
    values: ['true'],
  });
  expect(withPlace(number, { field: 'crew' }, 'object')).toMatchObject({ operator: 'exists', values: [] });
  expect(withValueType(number, 'string')).toMatchObject({
    operator: 'between',
    valueKind: 'string',
    values: ['1', '2'],
  });
  expect(operatorsFor('number').map(({ operator }) => operator)).not.toContain('like');
});

test('a field that is chosen before the fields are known takes up its type when they are', () => {
  const chosen = withPlace(newCondition(), { field: 'rating' }, null);
  const typed = { ...withOperator(chosen, '>='), id: 'typed', values: ['8'] };
  const word = { ...withOperator(chosen, 'like'), id: 'word', values: ['%8%'] };
  const listed = { ...withOperator(chosen, 'in'), id: 'listed', items: readList('[7, "8", "n/a"]', 'string') };
  const byHand = { ...withValueType(chosen, 'string'), id: 'by hand' };
  const draft = all(chosen, typed, word, listed, byHand);
  const known = withKnownKinds(draft, (place) => ('field' in place && place.field === 'rating' ? 'number' : null));
  expect(known.rules).toEqual([
    { ...chosen, kindKnown: true, valueKind: 'number', operator: '>=' },
    { ...typed, kindKnown: true, valueKind: 'number' },
    { ...word, kindKnown: true },
    {
      ...listed,
      kindKnown: true,
      valueKind: 'number',
      items: [
        { type: 'number', text: '7' },
        { type: 'number', text: '8' },
        { type: 'string', text: 'n/a' },
      ],
    },
    byHand,
  ]);
  expect(withKnownKinds(known, () => 'boolean')).toBe(known);
  expect(withKnownKinds(all(chosen), () => 'boolean').rules[0]).toMatchObject({ operator: '=', values: ['true'] });
});

test('every example of the sheet can be read', () => {
  for (const [written] of QUERY_SYNTAX) expect(() => parseWhere(written), written).not.toThrow();
});
