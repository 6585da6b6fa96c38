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

const TITLES = ['key', 'outcome', 'action', 'etag_before', 'etag_after', 'error_code', 'error'];

function cellsOf({ key, outcome, action, etagBefore, etagAfter, error }: ReportedOutcome): readonly CsvCell[] {
  return [key, outcome, action, etagBefore, etagAfter, error?.code ?? null, error?.message ?? null].map(textCell);
}

function textCell(text: string | null): CsvCell {
  return text === null ? { kind: 'missing' } : { kind: 'text', text };
}
