import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseTitle, type Case } from './case.ts';
import type { KnownServer, KnownServers } from './differences.ts';
import { plainJson } from './run-case.ts';

const path = join(import.meta.dirname, '../../docs/s3-conformance.md');

export function readTable(): string {
  return readFileSync(path, 'utf8');
}

export function writeTable(table: string): void {
  writeFileSync(path, table);
}

/** The page in docs/: every case, and where the known servers answer something else than was expected. */
export function conformanceTable(
  serverCases: readonly Case[],
  engineCases: readonly Case[],
  known: KnownServers,
): string {
  const servers = Object.values(known);
  const countsOf = (cases: readonly Case[]): string =>
    servers
      .map(({ title, differences }) => `${title} ${cases.filter((one) => !differences[caseTitle(one)]).length}`)
      .join(', ');
  return [
    '# How the sandbox compares with S3, LocalStack, Ceph RGW and Versity',
    '',
    '<!-- Made by `npm run test:servers -- --update` from the cases in test/servers; do not edit. -->',
    '',
    `${serverCases.length} cases, named by the operations of the S3 API, driven by the AWS SDK for JavaScript, boto3 and s5cmd. What`,
    'each expects is what Amazon S3 answers after its API reference (page of the operation) or what the case names as its',
    `source. As S3 answer: sandbox ${serverCases.length}, ${countsOf(serverCases)}. The sandbox passes all of them in every \`npm test\`;`,
    '`npm run test:servers` runs them against the others, and fails where one answers neither as S3 nor as noted here.',
    '',
    `Further ${engineCases.length} cases, those of "Engine: …", hold what Dipper's own engine promises of every server; the same two`,
    `commands run them. As promised: sandbox ${engineCases.length}, ${countsOf(engineCases)}. Where one differs, the server lacks what it takes.`,
    '',
    ...tablesOf(serverCases, servers, 'as S3'),
    ...tablesOf(engineCases, servers, 'as promised'),
    ...servers.flatMap(({ title, differences }) => [
      `## Where ${title} differs`,
      '',
      ...[...serverCases, ...engineCases].flatMap((one) => {
        const difference = differences[caseTitle(one)];
        if (difference === undefined) return [];
        const expected = code(plainJson(one.expected));
        return [
          `- **${caseTitle(one)}**`,
          ...(difference.note === undefined ? [] : [`  ${difference.note}`]),
          engineCases.includes(one)
            ? `  - promised: ${expected}`
            : `  - S3: ${expected} (${one.source ?? `API Reference: ${one.operation}`})`,
          `  - ${title}: ${code(difference.answers)}`,
        ];
      }),
      '',
    ]),
  ].join('\n');
}

function tablesOf(cases: readonly Case[], servers: readonly KnownServer[], asExpected: string): readonly string[] {
  const operations = [...new Set(cases.map(({ operation }) => operation))];
  return operations.flatMap((operation) => [
    `## ${operation}`,
    '',
    `| case | sandbox | ${servers.map(({ title }) => title).join(' | ')} |`,
    `| --- | --- | ${servers.map(() => '---').join(' | ')} |`,
    ...cases
      .filter((one) => one.operation === operation)
      .map((one) => {
        const cells = servers.map(({ differences }) => (differences[caseTitle(one)] ? '**differs**' : asExpected));
        return `| ${escapeCell(one.name)} | ${asExpected} | ${cells.join(' | ')} |`;
      }),
    '',
  ]);
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('_', '\\_');
}

const LONGEST = 400;

/** JSON as inline code; what is longer than a few lines is cut. */
function code(value: unknown): string {
  const json = JSON.stringify(value);
  const text = json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json;
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
