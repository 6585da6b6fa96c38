import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_TITLES } from '../../shared/connection-check.ts';
import { caseTitle, type Case } from './case.ts';
import type { KnownServers } from './differences.ts';
import { CAPABILITIES } from './engine/conditions.ts';
import { CONNECTION_TEST } from './engine/connection-test.ts';
import { plainJson } from './run-case.ts';

const path = join(import.meta.dirname, '../../docs/server-capabilities.md');

export function readCapabilityTable(): string {
  return readFileSync(path, 'utf8');
}

export function writeCapabilityTable(table: string): void {
  writeFileSync(path, table);
}

const CAPABILITY_TITLES: readonly (readonly [name: string, title: string])[] = [
  ['conditionalCreate', 'a write with `If-None-Match` leaves what is there'],
  ['conditionalReplace', 'a write with `If-Match` replaces that object alone'],
  ['conditionalCopy', 'a copy with `If-None-Match` leaves what is there'],
  ['conditionalDelete', 'a delete with `If-Match` deletes that object alone'],
  ['bulkDelete', 'DeleteObjects, 1,000 keys a request'],
  ['conditionalBulkDelete', 'DeleteObjects looks at ETags'],
  ['tags', 'tags'],
  ['checksums', 'checksums are kept and checked'],
  ['storageClasses', 'an object has the storage class it was written with'],
];

const WORDS: Readonly<Record<string, string>> = {
  true: 'yes',
  false: 'no',
  null: 'not told',
  passed: 'works',
  limited: 'limited',
  failed: '**fails**',
  'not-run': 'not tried',
};

/** The page in docs/: what the engine found out of each server when it was last run against it. */
export function capabilityTable(engineCases: readonly Case[], known: KnownServers): string {
  const names = ['sandbox', ...Object.values(known).map(({ title }) => title)];
  const rowsOf = (name: string, rows: readonly (readonly [string, string])[]): readonly string[] => {
    const found = answersOf(engineCases, known, name);
    return [
      `| | ${names.join(' | ')} |`,
      `| --- | ${names.map(() => '---').join(' | ')} |`,
      ...rows.map(
        ([key, title]) => `| ${title} | ${found.map((answers) => WORDS[String(answers[key])] ?? '').join(' | ')} |`,
      ),
      '',
    ];
  };
  return [
    '# What each server can do',
    '',
    '<!-- Made by `npm run test:servers -- --update` from what the engine found out; do not edit. -->',
    '',
    'Dipper tries these out before it first writes to a bucket of a server that it does not know, and does without what is',
    'not there: an object is looked at right before it is written where conditions are not checked, and that is said.',
    '[s3-conformance.md](s3-conformance.md) has every case that was run.',
    '',
    ...rowsOf(CAPABILITIES, CAPABILITY_TITLES),
    '## The test of a connection',
    '',
    'What each check of the test of a connection comes to, with keys that may do everything. _Limited_ is what the server does not',
    'have, or has with less than S3 gives.',
    '',
    ...rowsOf(CONNECTION_TEST, Object.entries(CHECK_TITLES)),
  ].join('\n');
}

/** For the sandbox, which answers as expected, and then for each known server. */
function answersOf(
  engineCases: readonly Case[],
  known: KnownServers,
  name: string,
): readonly Readonly<Record<string, unknown>>[] {
  const one = engineCases.find((each) => each.name === name);
  if (one === undefined) throw new Error(`no case ${name}`);
  const expected = plainJson(one.expected);
  return [
    expected,
    ...Object.values(known).map(({ differences }) => differences[caseTitle(one)]?.answers ?? expected),
  ].map((answers) => Object(answers));
}
