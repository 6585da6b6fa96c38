import { formatBytes } from '../../shared/byte-size.ts';
import type { ImportExample, ImportFate, ImportForecast } from '../../shared/import.ts';
import { dollarsText } from '../../shared/plan-text.ts';
import type { ExitCode } from './exit-code.ts';
import type { CommandContext } from './session.ts';
import { visibleText } from './text-width.ts';

const WORDS: Readonly<Record<ImportFate, string>> = {
  new: 'new',
  changed: 'changed',
  same: 'the same already',
  kept: 'left as they are',
  conflict: 'in conflict',
  invalid: 'invalid',
};

/** Says what an import would do. Exit code 3 where rows of it would fail. */
export async function showForecast({ terminal, options }: CommandContext, forecast: ImportForecast): Promise<ExitCode> {
  const { counts } = forecast;
  if (options.json === true) await terminal.write(`${JSON.stringify(forecast)}\n`);
  else await terminal.write(forecastText(forecast));
  return counts.invalid + counts.conflict > 0 ? 3 : 0;
}

/** `1,000 rows: 990 new, 10 invalid. It would take 990 PutObject, 84 KB, $0.0050.`, and examples below. */
export function forecastText({ rows, counts, examples, requests, bytes, dollars }: ImportForecast): string {
  const parts = FATES.filter((fate) => counts[fate] > 0).map((fate) => `${whole(counts[fate])} ${WORDS[fate]}`);
  const work = [
    ...requests.map(({ operation, count }) => `${whole(count)} ${operation}`),
    ...(bytes === 0 ? [] : [formatBytes(bytes)]),
    ...(dollars === null ? [] : [dollarsText(dollars)]),
  ];
  const lines = [
    `${whole(rows)} ${rows === 1 ? 'row' : 'rows'}: ${parts.join(', ') || 'nothing to import'}.`,
    ...(work.length === 0 ? [] : [`It would take ${work.join(', ')}. Nothing was written.`]),
    ...examples.flatMap(exampleLines),
  ];
  return lines.map((line) => `${visibleText(line)}\n`).join('');
}

const FATES: readonly ImportFate[] = ['new', 'changed', 'same', 'kept', 'conflict', 'invalid'];

function exampleLines({ fate, place, key, problem, changes }: ImportExample): readonly string[] {
  return [
    `  ${place}, ${WORDS[fate]}: ${problem ?? key}`,
    ...changes.map(({ path, before, after }) => `    ${path.join('.')}: ${before ?? '(none)'} → ${after ?? '(none)'}`),
  ];
}

function whole(count: number): string {
  return count.toLocaleString('en-US');
}
