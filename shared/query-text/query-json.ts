import type { Query } from '../query.ts';
import { printValue } from './print-value.ts';

/** The JSON text of a query, with all digits of its values. */
export function queryJson(query: Query): string {
  const { where, ...rest } = query;
  const members: readonly (readonly [string, string])[] = [
    ...(where === undefined ? [] : [['where', memberText(where)] as const]),
    ...Object.entries(rest).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, memberText(value)] as const],
    ),
  ];
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}

/** Trees of a query are JSON whose only oddity are the numbers of its values. */
function memberText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(memberText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${memberText(member)}`).join(',')}}`;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? printValue(value) : JSON.stringify(value);
}
