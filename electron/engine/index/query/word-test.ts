import type { JsonNode } from '../../../../shared/json/node.ts';
import type { RecordTest } from './evaluate.ts';

/** Whether a record has the word in its id or in any value of fields and metadata, in any case; numbers as written. */
export function wordTest(word: string): RecordTest {
  const wanted = word.toLowerCase();
  const isIn = (text: string): boolean => text.toLowerCase().includes(wanted);
  return ({ id, fields, metadata }) =>
    isIn(id) || fields.some(({ value }) => holds(value, isIn)) || metadata.some(({ value }) => holds(value, isIn));
}

/**
 * What a text may be asked in SQL before it is decoded: lower-case, and to be found in every JSON text that holds the
 * word. Null where JSON may write the word otherwise, or where lower case is not the same to everybody.
 */
export function plainWord(word: string): string | null {
  return /^[\x20-\x7e]*$/.test(word) && !/["\\/]/.test(word) ? word.toLowerCase() : null;
}

/** A loop, because bodies nest deeper than a stack. */
function holds(root: JsonNode, isIn: (text: string) => boolean): boolean {
  const work = [root];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    switch (node.kind) {
      case 'string':
        if (isIn(node.value)) return true;
        break;
      case 'number':
        if (isIn(node.text)) return true;
        break;
      case 'boolean':
        if (isIn(String(node.value))) return true;
        break;
      case 'array':
        for (const item of node.items) work.push(item);
        break;
      case 'object':
        for (const { value } of node.members) work.push(value);
        break;
      case 'null':
        break;
    }
  }
  return false;
}
