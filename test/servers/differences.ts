import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { format } from 'oxfmt';
import { caseTitle, type Case } from './case.ts';
import { plainJson } from './run-case.ts';

/** What a server is known to answer in place of what S3 answers. */
export interface Difference {
  readonly answers: unknown;
  /** For people: what it means, where the answer does not say it. */
  readonly note?: string;
}

export interface KnownServer {
  /** With its version, as the table names it. */
  readonly title: string;
  /** By title of the case. */
  readonly differences: Readonly<Record<string, Difference>>;
}

/** By name of the server. The sandbox has none: a case that it does not pass is a bug. */
export type KnownServers = Readonly<Record<string, KnownServer>>;

/**
 * - `as expected`: what S3 answers, or what the engine promises;
 * - `known`: the difference that is in the file;
 * - `new`: a difference, or another one, that is not in the file: a failure;
 * - `healed`: as expected, though the file says otherwise.
 */
export type Verdict = 'as expected' | 'known' | 'new' | 'healed';

const path = join(import.meta.dirname, 'known-differences.json');

export function readKnownServers(): KnownServers {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export async function writeKnownServers(known: KnownServers): Promise<void> {
  writeFileSync(path, (await format(path, JSON.stringify(known), { printWidth: 120 })).code);
}

export function judge(one: Case, seen: unknown, known: Difference | undefined): Verdict {
  if (isDeepStrictEqual(seen, plainJson(one.expected))) return known === undefined ? 'as expected' : 'healed';
  return known !== undefined && isDeepStrictEqual(seen, known.answers) ? 'known' : 'new';
}

/** The differences after a run: those seen, with the notes of those that were known; of cases that did not run, as they were. */
export function differencesAfter(
  cases: readonly Case[],
  before: KnownServer['differences'],
  seen: ReadonlyMap<string, unknown>,
): KnownServer['differences'] {
  const after: Record<string, Difference> = {};
  for (const one of cases) {
    const title = caseTitle(one);
    const known = before[title];
    if (!seen.has(title)) {
      if (known !== undefined) after[title] = known;
      continue;
    }
    const answers = seen.get(title);
    if (isDeepStrictEqual(answers, plainJson(one.expected))) continue;
    after[title] = { answers, ...(known?.note === undefined ? {} : { note: known.note }) };
  }
  return after;
}
