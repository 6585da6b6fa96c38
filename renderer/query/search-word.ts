import { EVERY_FIELD, isEveryField } from './draft-place.ts';
import { EMPTY_DRAFT, newCondition, type DraftCondition, type DraftGroup, type DraftRule } from './draft.ts';

/** The condition of the search box: the first word that is looked for in every field, whatever else is asked. */
export function searchCondition({ mode, rules }: DraftGroup): DraftCondition | null {
  if (mode !== 'all') return null;
  return rules.find(isSearch) ?? null;
}

function isSearch(rule: DraftRule): rule is DraftCondition {
  return rule.type === 'condition' && !rule.off && isEveryField(rule.place);
}

/** The draft that looks for this word too; for no word where it is empty. */
export function withSearchWord(draft: DraftGroup, word: string): DraftGroup {
  const before = searchCondition(draft);
  const others = draft.rules.filter((rule) => rule !== before);
  if (word.trim() === '') return before === null ? draft : { ...draft, rules: others };
  const found = { ...(before ?? newCondition()), place: EVERY_FIELD, operator: 'contains', kindKnown: true } as const;
  const search = { ...found, values: [word] };
  if (before !== null) return { ...draft, rules: draft.rules.map((rule) => (rule === before ? search : rule)) };
  // Beside conditions of which any would do, the word would be one more of them.
  const rules = draft.mode === 'all' || others.length === 0 ? others : [{ ...draft, id: crypto.randomUUID() }];
  return { ...EMPTY_DRAFT, rules: [search, ...rules] };
}
