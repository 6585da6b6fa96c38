import { useState } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Job, ReportedOutcome } from '../../shared/job.ts';
import { noteOf, reportHead, reportLines, type ReportForm } from '../../shared/job-report-text.ts';
import { jobTitle, outcomeText, reasonAgainst, stateWords } from '../../shared/job-words.ts';
import type { ErrorCode } from '../../shared/result.ts';
import { toAppError } from '../api/call.ts';
import { useJobReport } from '../api/job-queries.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { copyText } from '../ui/copy-text.ts';
import { FAILURE_TEXTS, failureTitle } from '../ui/failure-texts.ts';
import { formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Notice } from '../ui/Notice.tsx';
import { actOnJob, offerBadRows, openRecordOf, reasonAgainstUndo, showRecordsOf } from './job-actions.ts';
import styles from './JobsPanel.module.css';
import { saveReport } from './save-report.ts';

export interface JobReportViewProps {
  readonly job: Job;
  readonly onlyFailed: boolean;
  readonly collections: readonly CollectionListing[];
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** What became of each record of a job, a page at a time: a report may be a million lines long. */
export function JobReportView({ job, onlyFailed, collections, onBack, onClose }: JobReportViewProps) {
  /** Where the pages up to this one begin. */
  const [pages, setPages] = useState<readonly (string | null)[]>([null]);
  const { data, error } = useJobReport(job.id, pages.at(-1) ?? null, onlyFailed);
  const { showReport, say, openDialog } = currentWorkspace();
  const undo = job.undoes === undefined ? 'Undo' : 'Redo';
  // Records of what is not in the sidebar cannot be opened here.
  const canOpen = collections.some(({ id }) => id === job.collection);
  const outcomes = data?.outcomes ?? [];
  const next = data?.next ?? null;

  function save(form: ReportForm): void {
    saveReport(job, onlyFailed, form).catch((thrown: unknown) =>
      say(`The report was not saved. ${toAppError(thrown).message}`),
    );
  }

  async function copy(): Promise<void> {
    const copied = await copyText(reportHead('csv') + reportLines(outcomes, 'csv'));
    say(
      copied
        ? `${formatCount(outcomes.length)} lines of the report copied as CSV`
        : 'Nothing was copied: the system refuses the clipboard',
    );
  }

  const nothing = outcomes.length === 0 ? 'There is no line in it' : null;
  return (
    <>
      <div className={styles.head}>
        <IconButton icon="arrow-left" name="Back to the jobs" className={styles.back} onClick={onBack} />
        <h2 className={styles.title}>{jobTitle(job)}</h2>
        <Button
          kind="quiet"
          compact
          aria-pressed={onlyFailed}
          onClick={() => showReport({ job: job.id, onlyFailed: !onlyFailed })}
        >
          Only failed
        </Button>
        <span className={styles.count}>{`${stateWords(job.state)} · ${outcomeText(job)}`}</span>
        <div className={styles.tools}>
          {pages.length === 1 && next === null ? null : (
            <>
              <IconButton
                icon="arrow-left"
                name="Page before"
                disabledReason={pages.length === 1 ? 'This is the first page' : null}
                onClick={() => setPages(pages.slice(0, -1))}
              />
              <span className={styles.count}>{`Page ${formatCount(pages.length)}`}</span>
              <IconButton
                icon="arrow-right"
                name="Next page"
                disabledReason={next === null ? 'This is the last page' : null}
                onClick={() => setPages([...pages, next])}
              />
            </>
          )}
          {job.badRows === undefined ? null : (
            <Button kind="quiet" compact icon="file" aria-label="Save the bad rows" onClick={() => offerBadRows(job)}>
              <span className={styles.toolName}>Bad rows</span>
            </Button>
          )}
          <Button
            kind="quiet"
            compact
            icon="refresh"
            aria-label="Try the failed again"
            disabledReason={reasonAgainst('retry', job)}
            onClick={() => actOnJob('retry', job)}
          >
            <span className={styles.toolName}>Try the failed again</span>
          </Button>
          <Button
            kind="quiet"
            compact
            icon="undo"
            aria-label={undo}
            disabledReason={reasonAgainstUndo(job, collections)}
            onClick={() => openDialog({ kind: 'undo-job', job: job.id })}
          >
            <span className={styles.toolName}>{undo}</span>
          </Button>
          <IconButton
            icon="table"
            name="Show these records in the table"
            disabledReason={canOpen ? nothing : 'Their collection is not in the sidebar'}
            onClick={() =>
              void showRecordsOf(
                job,
                outcomes.map(({ key }) => key),
              )
            }
          />
          <Button
            kind="quiet"
            compact
            icon="copy"
            aria-label="Copy this page"
            disabledReason={nothing}
            onClick={() => void copy()}
          >
            <span className={styles.toolName}>Copy</span>
          </Button>
          <Button
            kind="quiet"
            compact
            icon="download"
            aria-label="Save as CSV"
            disabledReason={nothing}
            onClick={() => save('csv')}
          >
            CSV
          </Button>
          <Button
            kind="quiet"
            compact
            icon="download"
            aria-label="Save as NDJSON"
            disabledReason={nothing}
            onClick={() => save('ndjson')}
          >
            NDJSON
          </Button>
          <IconButton icon="close" name="Close the jobs" onClick={onClose} />
        </div>
      </div>
      {job.error === null ? null : (
        <Notice kind="warn" className={styles.notice}>
          {job.error.message}
        </Notice>
      )}
      {error !== null ? (
        <Notice kind="error" className={styles.notice} title="The report could not be read">
          {toAppError(error).message}
        </Notice>
      ) : data === undefined ? null : outcomes.length === 0 ? (
        <div className={styles.message}>
          <div className={styles.messageTitle}>{onlyFailed ? 'No record failed' : 'Nothing was done yet'}</div>
        </div>
      ) : (
        <div className={styles.scroller}>
          <table className={classes(styles.table, styles.report)} aria-label={`Report: ${jobTitle(job)}`}>
            <thead>
              <tr>
                <th scope="col">Record</th>
                <th scope="col">Outcome</th>
                <th scope="col" className={styles.etag}>
                  ETag before
                </th>
                <th scope="col" className={styles.etag}>
                  ETag after
                </th>
                <th scope="col">Reason, and what helps</th>
              </tr>
            </thead>
            <tbody>
              {outcomes.map((outcome) => (
                <OutcomeRow key={outcome.index} job={job} outcome={outcome} canOpen={canOpen} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

interface OutcomeRowProps {
  readonly job: Job;
  readonly outcome: ReportedOutcome;
  readonly canOpen: boolean;
}

function OutcomeRow({ job, outcome: reported, canOpen }: OutcomeRowProps) {
  const { key, outcome, action, etagBefore, etagAfter, error } = reported;
  const isGone = job.kind === 'delete' && outcome !== 'failed';
  return (
    <tr>
      <td className={classes(styles.mono, styles.key)}>
        {canOpen && !isGone ? (
          <Button kind="link" onClick={() => openRecordOf(job, key)}>
            {key}
          </Button>
        ) : (
          key
        )}
      </td>
      <td className={classes(outcome === 'failed' && styles.failed)}>{outcome === 'failed' ? 'failed' : action}</td>
      <td className={classes(styles.mono, styles.etag)}>{etagText(etagBefore)}</td>
      <td className={classes(styles.mono, styles.etag)}>{etagText(etagAfter)}</td>
      <td className={styles.reason}>
        {error === null ? (
          noteOf(reported)
        ) : (
          <>
            <b>{failureTitle(error.code, null)}.</b> {error.message} {remedyOf(error.code)}
          </>
        )}
      </td>
    </tr>
  );
}

function remedyOf(code: ErrorCode): string {
  if (code === 'record-changed')
    return 'Open it to see what it is now. Trying again does it to the record as it is then.';
  const [remedy] = FAILURE_TEXTS[code].remedies;
  return remedy === undefined ? '' : `${remedy.strong} ${remedy.rest}`;
}

function etagText(etag: string | null): string {
  return etag === null ? '' : etag.replaceAll('"', '');
}
