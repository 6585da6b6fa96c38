import type { z } from 'zod';

/** The first thing wrong with a value: its path, such as `where.rules[2].operator` (empty for all of it), and the end of a sentence. */
export function describeIssue(error: z.ZodError): { readonly path: string; readonly reason: string } {
  const issue = error.issues[0];
  if (issue === undefined) return { path: '', reason: 'is not what was expected' };
  let path = '';
  for (const part of issue.path) {
    if (typeof part === 'number') path += `[${part}]`;
    else path += path === '' ? String(part) : `.${String(part)}`;
  }
  return { path, reason: reasonOf(issue) };
}

function reasonOf(issue: z.core.$ZodIssue): string {
  // Messages of our own schemas are ends of sentences already; zod's own are sentences in capitals.
  if (/^(is|does|has) /.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type') return `is not of the type ${issue.expected}`;
  if (issue.code === 'unrecognized_keys') return `has members that are not known: ${issue.keys.join(', ')}`;
  if (issue.code === 'too_big') return `is above ${String(issue.maximum)}`;
  if (issue.code === 'too_small') return `is below ${String(issue.minimum)}`;
  if (issue.code === 'invalid_value') return `is none of ${issue.values.map(String).join(', ')}`;
  return 'does not have the form that was expected';
}
