import { jsonLine } from '../../shared/json/json-line.ts';
import type { NamedText } from '../../shared/record.ts';

/** The members of a record as one JSON object. */
export function namedTextsLine(members: readonly NamedText[]): string {
  return `{${members.map(({ name, text }) => `${JSON.stringify(name)}:${jsonLine(text)}`).join(',')}}`;
}
