import type { Conversion } from '../../../shared/record.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import { JsonSyntaxError } from '../../../shared/json/json-syntax-error.ts';
import { printCompact } from '../../../shared/json/print-json.ts';
import { readJson } from '../../../shared/json/read-json.ts';

/** Digits with what people write around them: `+7`, `007`. */
const NUMBER = /^\s*(-?)\+?0*(\d+)((?:\.\d+)?(?:[eE][+-]?\d+)?)\s*$/;
const TRUE = new Set(['true', 'yes', '1']);
const FALSE = new Set(['false', 'no', '0']);

/**
 * The JSON text of a value as another kind; null where it says no such thing. Digits stay as they are written. `text` is the
 * source that `node` was read from.
 */
export function convertValue(text: string, node: JsonNode, to: Conversion): string | null {
  const source = text.slice(node.start, node.end);
  if (node.kind === 'null') return source;
  switch (to) {
    case 'string':
      if (node.kind === 'string') return source;
      return JSON.stringify(node.kind === 'object' || node.kind === 'array' ? printCompact(text, node) : source);
    case 'number':
      return numberOf(node);
    case 'integer':
      return integerOf(numberOf(node));
    case 'boolean':
      return booleanOf(node);
    case 'json':
      return node.kind === 'string' ? jsonOf(node.value) : source;
    case 'list':
      return node.kind === 'array' ? source : `[${source}]`;
  }
}

function numberOf(node: JsonNode): string | null {
  if (node.kind === 'number') return node.text;
  if (node.kind === 'boolean') return node.value ? '1' : '0';
  if (node.kind !== 'string') return null;
  const [, sign = '', whole = '', rest = ''] = NUMBER.exec(node.value) ?? [];
  return whole === '' ? null : sign + whole + rest;
}

/** `7.0` and `7e2` are whole numbers in other words. */
function integerOf(digits: string | null): string | null {
  if (digits === null || /^-?\d+$/.test(digits)) return digits;
  const exact = /^(-?\d+)\.0+$/.exec(digits)?.[1];
  if (exact !== undefined) return exact;
  const value = Number(digits);
  return Number.isSafeInteger(value) ? String(value) : null;
}

function booleanOf(node: JsonNode): string | null {
  if (node.kind === 'boolean') return String(node.value);
  const word = node.kind === 'string' ? node.value.trim().toLowerCase() : node.kind === 'number' ? node.text : '';
  if (TRUE.has(word)) return 'true';
  return FALSE.has(word) ? 'false' : null;
}

function jsonOf(text: string): string | null {
  try {
    readJson(text);
    return text;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return null;
  }
}
