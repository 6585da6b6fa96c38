import type { Job } from '../../shared/job.ts';
import { reportHead, reportLines, type ReportForm } from '../../shared/job-report-text.ts';
import { call } from '../api/call.ts';
import { saveText } from '../ui/save-text.ts';

const TYPES: Readonly<Record<ReportForm, string>> = { csv: 'text/csv;charset=utf-8', ndjson: 'application/x-ndjson' };

/**
 * The whole report as a file. Each page becomes a Blob at once, which the browser may keep on disk: a report of a million
 * records is not in the page's memory.
 */
export async function saveReport(job: Job, onlyFailed: boolean, form: ReportForm): Promise<void> {
  const parts: BlobPart[] = [reportHead(form)];
  let from: string | null = null;
  do {
    const report: Awaited<ReturnType<typeof readPage>> = await readPage(job.id, from, onlyFailed);
    parts.push(new Blob([reportLines(report.outcomes, form)]));
    from = report.next;
  } while (from !== null);
  saveText(fileNameOf(job, onlyFailed, form), TYPES[form], parts);
}

function readPage(job: string, from: string | null, onlyFailed: boolean) {
  return call('jobs:report', { job, from, onlyFailed });
}

/** Safe on every system: of the collection's name only what is so. */
function fileNameOf({ kind, collectionName, createdAt }: Job, onlyFailed: boolean, form: ReportForm): string {
  const name = collectionName.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
  const day = new Date(createdAt).toISOString().slice(0, 10);
  return [kind, name, day, ...(onlyFailed ? ['failed'] : [])].filter((part) => part !== '').join('-') + `.${form}`;
}
