import type { JsonNode } from '../../../shared/json/node.ts';
import { printJson, type JsonLayout } from '../../../shared/json/print-json.ts';

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

const PYTHON: JsonLayout = { comma: ', ', colon: ': ', indent: null, string: (_, value) => pythonString(value) };

/** A value as Python's `json.dumps` writes it by default: on one line, in ASCII. Numbers keep their digits. */
export function printPython(text: string, node: JsonNode): string {
  return printJson(text, node, PYTHON);
}

/** The JSON text of a string, as `json.dumps` writes it: everything beyond printable ASCII as `\uXXXX` units. */
export function pythonString(value: string): string {
  const escaped = value.replace(
    /["\\]|[^ -~]/g,
    (unit) => SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/**
 * Python's `datetime.isoformat()` of a moment in UTC: six digits of a second, none where they are zero. Releases before
 * 0.4.20 wrote it without the offset.
 */
export function pythonTime(moment: Date, withOffset: boolean): string {
  const iso = moment.toISOString();
  const milliseconds = iso.slice(20, 23);
  const fraction = milliseconds === '000' ? '' : `.${milliseconds}000`;
  return iso.slice(0, 19) + fraction + (withOffset ? '+00:00' : '');
}
