import { csvLine, type CsvCell } from './csv-text.ts';
import type { ReportedOutcome } from './job.ts';

/** Forms in which a job's report is saved, copied and printed. */
export type ReportForm = 'csv' | 'ndjson';

/** What stands before the outcomes. */
export function reportHead(form: ReportForm): string {
  return form === 'csv' ? csvLine(TITLES.map(textCell), true) : '';
}

/** A line for each record. Keys are other people's texts: in CSV none of them becomes a formula. */
export function reportLines(outcomes: readonly ReportedOutcome[], form: ReportForm): string {
  return outcomes
    .map((outcome) => (form === 'csv' ? csvLine(cellsOf(outcome), true) : `${JSON.stringify(outcome)}\n`))
    .join('');
}

const TITLES = ['key', 'outcome', 'action', 'etag_before', 'etag_after', 'error_code', 'error', 'note'];

function cellsOf(outcome: ReportedOutcome): readonly CsvCell[] {
  const { key, action, etagBefore, etagAfter, error } = outcome;
  const failure = [error?.code ?? null, error?.message ?? null];
  return [key, outcome.outcome, action, etagBefore, etagAfter, ...failure, noteOf(outcome)].map(textCell);
}

/** What a person may want to know of a record that did not fail; null for nothing. */
export function noteOf({ throughHere }: ReportedOutcome): string | null {
  return throughHere === true
    ? 'The server refused to copy it with the keys of the destination: its bytes went through this computer.'
    : null;
}

function textCell(text: string | null): CsvCell {
  return text === null ? { kind: 'missing' } : { kind: 'text', text };
}
