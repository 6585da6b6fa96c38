import { JsonSyntaxError } from '../../../../../shared/json/json-syntax-error.ts';
import type { JsonNode } from '../../../../../shared/json/node.ts';
import { printCompact } from '../../../../../shared/json/print-json.ts';
import { readJson } from '../../../../../shared/json/read-json.ts';
import { unguardedText } from '../../../../../shared/csv-text.ts';
import type { CsvReading, ImportType } from '../../../../../shared/import.ts';
import { isJsonInteger, isJsonNumber } from './json-number.ts';

/** A value that is none of its field's type, in words that stand behind the field's name. */
export class UnfittingValue extends Error {}

/** The JSON text of a cell's value; null where the cell is empty and says nothing. */
export function cellValue(
  cell: string,
  type: ImportType,
  { formulaGuard, quotedAreTexts }: Pick<CsvReading, 'formulaGuard' | 'quotedAreTexts'>,
): string | null {
  if (cell === '') return null;
  const isQuoted = cell.charCodeAt(0) === 0x22;
  const written = isQuoted ? cell.slice(1) : cell;
  const text = formulaGuard ? unguardedText(written) : written;
  switch (type) {
    case 'string':
      // Where quotes tell texts from values, the text null has some.
      return !isQuoted && quotedAreTexts && text === 'null' ? text : JSON.stringify(text);
    case 'auto':
      return isQuoted ? quotedValue(text) : writtenValue(text);
    case 'integer':
    case 'number':
    case 'boolean':
    case 'json': {
      // Quoted or not: what has a type has no texts.
      if (text === '') return null;
      return typedText(text, type);
    }
  }
}

/** A string of the source as a value of the type. */
function typedText(given: string, type: Exclude<ImportType, 'string' | 'auto'>): string {
  const text = given.trim();
  if (text === 'null') return text;
  switch (type) {
    case 'integer':
      if (isJsonInteger(text)) return text;
      throw new UnfittingValue(`is no whole number: ${clipped(given)}`);
    case 'number':
      if (isJsonNumber(text)) return text;
      throw new UnfittingValue(`is no number: ${clipped(given)}`);
    case 'boolean': {
      const word = text.toLowerCase();
      if (word === 'true' || word === 'false') return word;
      throw new UnfittingValue(`is neither true nor false: ${clipped(given)}`);
    }
    case 'json':
      if (isJsonText(text)) return text;
      throw new UnfittingValue(`is no JSON: ${clipped(given)}`);
  }
}

/** What stands without quotes is a value where it reads as one. */
function writtenValue(text: string): string {
  if (text === 'true' || text === 'false' || text === 'null' || isJsonNumber(text)) return text;
  return containerText(text) ?? JSON.stringify(text);
}

/** Lists and objects need quotes in CSV: a text that reads as one is taken for it. */
function quotedValue(text: string): string {
  return containerText(text) ?? JSON.stringify(text);
}

export function containerText(text: string): string | null {
  const first = text.charCodeAt(0);
  return (first === 0x7b || first === 0x5b) && isJsonText(text) ? text : null;
}

function isJsonText(text: string): boolean {
  try {
    readJson(text);
    return true;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return false;
  }
}

/** The JSON text of a value of JSON as the type; `source` is the text that `node` was read from. */
export function nodeValue(source: string, node: JsonNode, type: ImportType): string {
  const text = source.slice(node.start, node.end);
  if (type === 'auto' || node.kind === 'null') return text;
  if (type === 'string') return node.kind === 'string' ? text : JSON.stringify(printCompact(source, node));
  if (node.kind === 'string') return typedText(node.value, type);
  if (type === 'json') return text;
  if (type === 'boolean') {
    if (node.kind === 'boolean') return text;
    throw new UnfittingValue(`is neither true nor false: ${clipped(text)}`);
  }
  if (node.kind === 'number' && (type === 'number' || isJsonInteger(text))) return text;
  throw new UnfittingValue(`is no ${type === 'integer' ? 'whole ' : ''}number: ${clipped(text)}`);
}

function clipped(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
