import { showNumber } from '../ui/number-text.ts';
import type { DraftCondition, ListItem } from './draft.ts';
import { shapeOf } from './operators.ts';
import { missingIn } from './query-text.ts';

const SHOWN_VALUES = 3;
const SHOWN_CHARACTERS = 24;

/** A condition's values as a pill shows them; empty where the operator takes none. */
export function valueWords(condition: DraftCondition): string {
  const shown = [
    ...condition.values.map((value) => oneValue(condition, value)),
    ...condition.items.map((item) => itemWords(item, condition.field ?? '')),
  ];
  switch (shapeOf(condition.operator)) {
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
  }
}

function oneValue(condition: DraftCondition, value: string): string {
  if (value === '') return missingIn(condition) === null ? '""' : '…';
  if (condition.valueKind === 'number') return showNumber(value, condition.field ?? '');
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
