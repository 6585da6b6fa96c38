import { showNumber } from '../ui/number-text.ts';
import { LENGTH_OPERATORS } from '../../shared/query.ts';
import { placeName } from './draft-place.ts';
import type { DraftCondition, ListItem } from './draft.ts';
import { missingIn } from './missing.ts';
import { LENGTH_WORDS } from './operator-words.ts';
import { shapeOf, takesText } from './operators.ts';

const SHOWN_VALUES = 3;
const SHOWN_CHARACTERS = 24;

/** A condition's values as a pill shows them; empty where the operator takes none. */
export function valueWords(condition: DraftCondition): string {
  const shown = [
    ...condition.values.map((value) => oneValue(condition, value)),
    ...condition.items.map((item) => itemWords(item, placeName(condition.place))),
  ];
  switch (shapeOf(condition)) {
    case 'none':
      return '';
    case 'one':
      return shown[0] ?? '';
    case 'two':
      return `${shown[0] ?? ''} and ${shown[1] ?? ''}`;
    case 'many': {
      const rest = shown.length - SHOWN_VALUES;
      const first = shown.slice(0, SHOWN_VALUES).join(', ');
      return rest > 0 ? `${first} and ${rest} more` : first;
    }
    case 'length': {
      const [operator = '', count = ''] = condition.values;
      const comparison = LENGTH_OPERATORS.find((known) => known === operator);
      return `${comparison === undefined ? '' : LENGTH_WORDS[comparison].short} ${count === '' ? '…' : count}`;
    }
    case 'span':
    case 'type':
      return condition.values.join(' ');
  }
}

function oneValue(condition: DraftCondition, value: string): string {
  if (value === '') return missingIn(condition) === null ? '""' : '…';
  const isNumber = condition.valueKind === 'number' && !takesText(condition);
  if (isNumber) return showNumber(value, placeName(condition.place));
  return clipped(value);
}

/** A value of a list as a chip and a pill show it. */
export function itemWords({ type, text }: ListItem, field: string): string {
  if (type === 'number') return showNumber(text, field);
  return text === '' ? '""' : clipped(text);
}

function clipped(value: string): string {
  return value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
}
