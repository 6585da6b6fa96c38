import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseTitle, type Case } from './case.ts';
import type { KnownServers } from './differences.ts';
import { plainJson } from './run-case.ts';

const path = join(import.meta.dirname, '../../docs/s3-conformance.md');

export function readTable(): string {
  return readFileSync(path, 'utf8');
}

export function writeTable(table: string): void {
  writeFileSync(path, table);
}

/** The page in docs/: every case, and where the known servers answer something else than S3. */
export function conformanceTable(cases: readonly Case[], known: KnownServers): string {
  const servers = Object.values(known);
  const operations = [...new Set(cases.map(({ operation }) => operation))];
  const counts = servers.map(({ title, differences }) => `${title} ${cases.length - Object.keys(differences).length}`);
  return [
    '# How the sandbox compares with S3, LocalStack and Ceph RGW',
    '',
    '<!-- Made by `npm run test:servers -- --update` from the cases in test/servers; do not edit. -->',
    '',
    `${cases.length} cases, named by the operations of the S3 API, driven by the AWS SDK for JavaScript, boto3 and s5cmd. What`,
    'each expects is what Amazon S3 answers after its API reference (page of the operation) or what the case names as its',
    `source. As S3 answer: sandbox ${cases.length}, ${counts.join(', ')}. The sandbox passes all of them in every \`npm test\`;`,
    '`npm run test:servers` runs them against the others, and fails where one answers neither as S3 nor as noted here.',
    '',
    ...operations.flatMap((operation) => [
      `## ${operation}`,
      '',
      `| case | sandbox | ${servers.map(({ title }) => title).join(' | ')} |`,
      `| --- | --- | ${servers.map(() => '---').join(' | ')} |`,
      ...cases
        .filter((one) => one.operation === operation)
        .map((one) => {
          const cells = servers.map(({ differences }) => (differences[caseTitle(one)] ? '**differs**' : 'as S3'));
          return `| ${escapeCell(one.name)} | as S3 | ${cells.join(' | ')} |`;
        }),
      '',
    ]),
    ...servers.flatMap(({ title, differences }) => [
      `## Where ${title} differs`,
      '',
      ...cases.flatMap((one) => {
        const difference = differences[caseTitle(one)];
        if (difference === undefined) return [];
        return [
          `- **${caseTitle(one)}**`,
          ...(difference.note === undefined ? [] : [`  ${difference.note}`]),
          `  - S3: ${code(plainJson(one.expected))} (${one.source ?? `API Reference: ${one.operation}`})`,
          `  - ${title}: ${code(difference.answers)}`,
        ];
      }),
      '',
    ]),
  ].join('\n');
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
