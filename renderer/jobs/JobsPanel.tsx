import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import { isUnderWay, type Job } from '../../shared/job.ts';
import { toAppError } from '../api/call.ts';
import { useJobs } from '../api/job-queries.ts';
import { currentWorkspace, useWorkspace } from '../shell/workspace.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Notice } from '../ui/Notice.tsx';
import { JobReportView } from './JobReportView.tsx';
import { JobTable } from './JobTable.tsx';
import styles from './JobsPanel.module.css';

/** All jobs, those that have ended included, or the report of one. */
export function JobsPanel({ collections }: { readonly collections: readonly CollectionListing[] }) {
  const { data: jobs, error } = useJobs();
  const report = useWorkspace((workspace) => workspace.report);
  const reported = jobs?.find(({ id }) => id === report?.job) ?? null;
  const { openPanel, showReport } = currentWorkspace();
  const panel = useRef<HTMLDivElement>(null);
  const cameFrom = useRef<Element | null>(null);

  useEffect(() => {
    cameFrom.current = document.activeElement;
    panel.current?.focus();
  }, []);

  function close(): void {
    openPanel(null);
    if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
  }

  function back(): void {
    showReport(null);
    panel.current?.focus();
  }

  function handleKeyDown(event: KeyboardEvent): void {
    const inside = event.target instanceof Node && panel.current?.contains(event.target) === true;
    if (event.key !== 'Escape' || event.defaultPrevented || !inside) return;
    event.preventDefault();
    if (reported === null) close();
    else back();
  }

  return (
    <div ref={panel} className={styles.panel} tabIndex={-1} onKeyDown={handleKeyDown}>
      {report !== null && reported !== null ? (
        <JobReportView
          key={`${report.job} ${report.onlyFailed}`}
          job={reported}
          onlyFailed={report.onlyFailed}
          collections={collections}
          onBack={back}
          onClose={close}
        />
      ) : (
        <>
          <div className={styles.head}>
            <h2 className={styles.title}>Jobs</h2>
            <span className={styles.count}>{jobs === undefined ? null : countWords(jobs)}</span>
            <div className={styles.tools}>
              <IconButton icon="close" name="Close the jobs" shortcut="Esc" onClick={close} />
            </div>
          </div>
          {jobs === undefined ? (
            error === null ? null : (
              <Notice kind="error" className={styles.notice} title="The jobs could not be read">
                {toAppError(error).message}
              </Notice>
            )
          ) : jobs.length > 0 ? (
            <JobTable jobs={jobs} collections={collections} />
          ) : (
            <div className={styles.message}>
              <div className={styles.messageTitle}>No jobs yet</div>
              <div className={styles.messageText}>
                Deleting or changing many records is a job: it goes on while you do something else, also after Dipper
                was closed, and its report stays here. Select records and choose Change or Delete; what was done can be
                undone here.
              </div>
            </div>
          )}
        </>
      )}
    </div>
  );
}

function countWords(jobs: readonly Job[]): string {
  const underWay = jobs.filter(({ state }) => isUnderWay(state)).length;
  const paused = jobs.filter(({ state }) => state === 'paused').length;
  return [
    countOf(jobs.length, 'job'),
    ...(underWay === 0 ? [] : [`${formatCount(underWay)} under way`]),
    ...(paused === 0 ? [] : [`${formatCount(paused)} paused`]),
  ].join(' · ');
}
