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
  saveText(fileNameOf(job, onlyFailed ? 'failed' : '', form), TYPES[form], parts);
}

/** The rows of an import that failed, as the file that it keeps of them: to be mended and imported again. */
export async function saveBadRows(job: Job): Promise<void> {
  const { badRows } = job;
  if (badRows === undefined) return;
  const parts: BlobPart[] = [];
  for (let from: number | null = 0; from !== null;) {
    const piece: Awaited<ReturnType<typeof readBadRows>> = await readBadRows(job.id, from);
    parts.push(Uint8Array.from(atob(piece.bytes), (character) => character.charCodeAt(0)));
    from = piece.next;
  }
  saveText(fileNameOf(job, 'bad-rows', badRows), TYPES[badRows], [new Blob(parts)]);
}

function readBadRows(job: string, from: number) {
  return call('jobs:bad-rows', { job, from });
}

function readPage(job: string, from: string | null, onlyFailed: boolean) {
  return call('jobs:report', { job, from, onlyFailed });
}

/** Safe on every system: of the collection's name only what is so. */
function fileNameOf({ kind, collectionName, createdAt }: Job, part: string, form: ReportForm): string {
  const name = collectionName.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
  const day = new Date(createdAt).toISOString().slice(0, 10);
  return [kind, name, day, part].filter((word) => word !== '').join('-') + `.${form}`;
}
