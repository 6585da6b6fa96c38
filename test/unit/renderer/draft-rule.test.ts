import { expect, test } from 'vitest';
import { placeOfText, placeText } from '../../../renderer/query/draft-place.ts';
import { draftOf, ruleOf } from '../../../renderer/query/draft-rule.ts';
import { conditionsOf, setOff, type DraftGroup, type DraftRule } from '../../../renderer/query/draft.ts';
import { missingIn } from '../../../renderer/query/missing.ts';
import { operatorsOf } from '../../../renderer/query/operator-words.ts';
import { withKnownKinds, withOperator } from '../../../renderer/query/operators.ts';
import { whereText } from '../../../renderer/query/query-text.ts';
import { searchCondition, withSearchWord } from '../../../renderer/query/search-word.ts';
import { shownText, textProblem, withText } from '../../../renderer/query/typed-text.ts';
import { OPERATORS } from '../../../shared/query.ts';
import { parseWhere } from '../../../shared/query-text/parse-where.ts';
import { printWhere } from '../../../shared/query-text/print-where.ts';
import {
  FIELDS,
  ODD_VALUES,
  ODDEST_VALUES,
  randomQueries,
  readValue,
  seeded,
} from '../../integration/query/support/random-queries.ts';

const TEXTS = [
  'rating >= 8',
  'rating >= 8 and (genre in ("Drama", "Comedy") or (title like "%war%" and not (votes > 10000 or gross < 1)))',
  '(rating >= 8)',
  '(or rating >= 8)',
  'not rating >= 8',
  'not (a = 1 and b = 2)',
  'not (a = 1 or b = 2)',
  '(and)',
  '(or)',
  'a = 1 and not (or)',
  '/* a = 1 */',
  '/* a = 1 and b = 2 */',
  'a = 1 /* and (b = 2 or /* c = 3 */) */ and d = 4',
  'tags[0].name = "x" and ["x.y"] exists and `odd name` != "" and fields.id = "1" and id = "1"',
  '@size > 1000 and @last_modified within_last 7 days and @tag.reviewed = "yes" and @tag["a b"] not exists',
  '@any "war"',
  'a = null and b = [1, [2, "x"]] and c != {"x": 1, "y": null} and d = NaN and e > true and f = false',
  'a between 1 and 2 and b between "" and "x" and c between "a" and 1 and d between ([1, 2, 3]) and e between (1)',
  'a in () and b not in (1, "1", true, null, [1], {"a": 2}) and c any_of (1) and d all_of ("x", 2)',
  'a like "" and b starts_with "" and c contains "x" and d ends_with "" and e regex "^x$" and f not like "%"',
  'a length >= 3 and b length != 0 and c is_empty and d type_is null',
  'n in (9007199254740993, -0.0, 1e+40, -Infinity) and n >= 9007199254740993 and n < 0.1',
  'a >= "2024-01-05" and b in ("2024-01-05", "2024-01-06") and c between "2024-01-01" and "2024-12-31"',
  'a > "" and b < "x"',
];

test.each(TEXTS)('%s goes to the builder and back', (text) => {
  const rule = parseWhere(text);
  const draft = draftOf(rule);
  expect(conditionsOf(draft).map(missingIn)).toEqual(conditionsOf(draft).map(() => null));
  expect(ruleOf(draft)).toEqual(rule);
  expect(whereText(draft)).toBe(rule === null ? '' : printWhere(rule));
});

test('any conditions that can be asked go to the builder and back', () => {
  const { query } = randomQueries(seeded(6), {
    values: [...ODD_VALUES, ...ODDEST_VALUES],
    fields: [...FIELDS, 'odd name', '`', 'and', '@size', '__proto__'],
    patterns: ['^a', '"', ''],
    likes: ['%', '/* x */', ''],
    operators: OPERATORS,
    read: readValue,
  });
  for (let turn = 0; turn < 2000; turn += 1) {
    const { where } = query();
    const rule = where === undefined ? null : parseWhere(printWhere(where));
    expect(whereText(draftOf(rule))).toBe(rule === null ? '' : printWhere(rule));
    expect(ruleOf(draftOf(rule))).toEqual(rule);
  }
});

test('groups three deep, switched off where somebody wants it, keep their form', () => {
  const text = 'a = 1 and (b = 2 or (c = 3 and not (d = 4 or e = 5)))';
  const draft = draftOf(parseWhere(text));
  const inner = groupsOf(draft).find(({ mode }) => mode === 'none');
  const off = setOff(draft, inner?.id ?? '', true);
  expect(whereText(off)).toBe('a = 1 and (b = 2 or (c = 3 /* and not (d = 4 or e = 5) */))');
  expect(whereText(setOff(off, inner?.id ?? '', false))).toBe(text);
});

function groupsOf(rule: DraftRule): readonly DraftGroup[] {
  return rule.type === 'group' ? [rule, ...rule.rules.flatMap(groupsOf)] : [];
}

test('what is learned of the fields changes how a value is edited, not what is asked', () => {
  const text = 'a >= "2024-01-05" and b = "8" and c in ("2024-01-05") and d like "2024-01-05"';
  const known = withKnownKinds(draftOf(parseWhere(text)), (place) =>
    'field' in place && place.field === 'b' ? 'number' : 'date',
  );
  expect(conditionsOf(known).map(({ valueKind }) => valueKind)).toEqual(['date', 'string', 'string', 'string']);
  expect(whereText(known)).toBe(text);
});

test('every operator that is offered can be chosen from any other, and the one that is there is always offered', () => {
  for (const condition of conditionsOf(draftOf(parseWhere(TEXTS.filter((text) => text !== '(and)').join(' and '))))) {
    const offered = operatorsOf(condition, null).map(({ operator }) => operator);
    expect(offered).toContain(condition.operator);
    for (const operator of offered) {
      const next = withOperator(condition, operator);
      expect(withOperator(next, operator)).toEqual(next);
      expect(() => whereText({ ...draftOf(null), rules: [next] })).not.toThrow();
    }
  }
});

test.each([
  ['rating', { field: 'rating' }],
  ['address.city', { field: 'address.city' }],
  ['odd name', { field: 'odd name' }],
  ['and', { field: 'and' }],
  ['tags[0]', { path: ['tags', 0] }],
  ['["x.y"]', { path: ['x.y'] }],
  ['@size', { object: 'size' }],
  ['@tag.reviewed', { tag: 'reviewed' }],
  ['@any', { any: true }],
  ['@colour', { field: '@colour' }],
])('%s, typed as a field, is that place', (typed, place) => {
  expect(placeOfText(typed)).toEqual(place);
  expect(placeOfText(placeText(placeOfText(typed)))).toEqual(place);
});

test('the search box adds its word to what is asked, changes it, and takes it away again', () => {
  const draft = draftOf(parseWhere('a = 1 or b = 2'));
  const found = withSearchWord(draft, 'war');
  expect(whereText(found)).toBe('@any "war" and (a = 1 or b = 2)');
  expect(searchCondition(found)?.values).toEqual(['war']);
  expect(whereText(withSearchWord(found, 'peace'))).toBe('@any "peace" and (a = 1 or b = 2)');
  expect(whereText(withSearchWord(found, ' '))).toBe('a = 1 or b = 2');
  expect(whereText(withSearchWord(draftOf(null), 'war'))).toBe('@any "war"');
});

test('the draft follows a text that is typed, and the text stays as it was typed', () => {
  const typed = withText({ draft: draftOf(null), typed: null }, 'a  =  1\n and (b = 2)');
  expect([whereText(typed.draft), shownText(typed), textProblem(typed)]).toEqual([
    'a = 1 and (b = 2)',
    'a  =  1\n and (b = 2)',
    null,
  ]);
  const wrong = withText(typed, 'a = 1 and b >');
  expect([whereText(wrong.draft), shownText(wrong), textProblem(wrong)?.column]).toEqual([
    'a = 1 and (b = 2)',
    'a = 1 and b >',
    14,
  ]);
  const elsewhere = { ...wrong, draft: draftOf(parseWhere('c = 3')) };
  expect([shownText(elsewhere), textProblem(elsewhere)]).toEqual(['c = 3', null]);
});
