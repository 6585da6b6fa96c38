import { Argument } from 'commander';
import { hasEnded, type Job } from '../../shared/job.ts';
import { reportHead, reportLines, type ReportForm } from '../../shared/job-report-text.ts';
import { jobTitle, outcomeText, processed, progressText, stateWords } from '../../shared/job-words.ts';
import type { ExitCode } from './exit-code.ts';
import { goOnWithJob } from './follow-job.ts';
import { addUndoOption, undoableOf, type UndoOptions } from './kept-for-undo.ts';
import { withDipper, type CommandContext, type OpenDipper } from './session.ts';
import { textTable } from './text-table.ts';
import { visibleText } from './text-width.ts';
import { UsageError } from './usage-error.ts';
import { choiceOption, describeVerb, type AddVerb } from './verb.ts';

const ACTIONS = ['list', 'report', 'pause', 'resume', 'cancel', 'undo', 'retry', 'remove'] as const;
type Action = (typeof ACTIONS)[number];

interface JobsOptions extends UndoOptions {
  readonly failed?: boolean;
  readonly format?: ReportForm;
  readonly yes?: boolean;
}

export const addJobsCommand: AddVerb = (program, run) => {
  const command = program
    .command('jobs')
    .addArgument(new Argument('[action]', `what to do, without it list: ${ACTIONS.join(', ')}`).choices(ACTIONS))
    .argument('[job]', 'id of the job, for all but list')
    .option('--failed', 'with report: only records that failed')
    .addOption(choiceOption('--format <format>', 'with report: csv, or ndjson with --json', ['csv', 'ndjson']))
    .option('--yes', 'with undo and retry: also beyond the budget of the connection, however much is kept for an undo');
  addUndoOption(command).action((action: Action | undefined, id: string | undefined, options: JobsOptions, self) =>
    run(self, (context) => {
      if (action === undefined || action === 'list') {
        if (id !== undefined) throw new UsageError('dipper jobs list takes no job: it lists all.');
        return withDipper(context, (open) => list(context, open));
      }
      if (id === undefined)
        throw new UsageError(`dipper jobs ${action} needs the id of a job. "dipper jobs" lists them.`);
      return withDipper(context, (open) => act(context, open, action, id, options));
    }),
  );
  describeVerb(command, {
    summary: 'list long work on many records, and pause, resume, end or undo it',
    details:
      'A job that was broken off goes on with the next start of the window or of "dipper serve", or with the next job. resume, undo and retry stay until it has ended.',
    examples: ['dipper jobs', 'dipper jobs list --json'],
    json: 'a list of all jobs, the newest first; what is done to one prints that job; for report a line for each record: {"index", "key", "outcome", "action", "etagBefore", "etagAfter", "error"}',
  });
};

async function list(
  { terminal, messages, options }: CommandContext,
  { caller, signal }: OpenDipper,
): Promise<ExitCode> {
  const jobs = await caller.call('jobs:list', {}, signal);
  if (options.json === true) {
    await terminal.write(`${JSON.stringify(jobs)}\n`);
    return 0;
  }
  await terminal.write(jobs.length === 0 ? 'There are no jobs.\n' : jobTable(jobs));
  const interrupted = jobs.find(({ state }) => state === 'interrupted');
  if (interrupted !== undefined) {
    messages.note(
      `What was interrupted goes on with the next start of the window or of "dipper serve"; "dipper jobs resume ${interrupted.id}" goes on with it now.`,
    );
  }
  return 0;
}

function jobTable(jobs: readonly Job[]): string {
  return textTable(
    ['id', 'job', 'state', 'records'].map((title) => ({ title })),
    jobs.map((job) => [
      job.id,
      visibleText(jobTitle(job)),
      stateWords(job.state),
      hasEnded(job.state) || processed(job.counts) === 0 ? outcomeText(job) : progressText(job),
    ]),
  );
}

async function act(
  context: CommandContext,
  open: OpenDipper,
  action: Exclude<Action, 'list'>,
  job: string,
  options: JobsOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const { caller, signal } = open;
  switch (action) {
    case 'report':
      await report(context, open, job, options);
      return 0;
    case 'resume':
    case 'undo':
    case 'retry':
      return await goOnWithJob(context, open, action, job, {
        spending: options.yes === true ? 'anything' : 'within-budget',
        ...undoableOf(options),
      });
    case 'remove':
      await caller.call('jobs:remove', { job }, signal);
      return 0;
    case 'pause':
    case 'cancel': {
      const changed = await caller.call(`jobs:${action}`, { job }, signal);
      const text = `${jobTitle(changed)}: ${stateWords(changed.state)}, ${outcomeText(changed)}`;
      await terminal.write(context.options.json === true ? `${JSON.stringify(changed)}\n` : `${text}\n`);
      return 0;
    }
  }
}

/** Page by page: a report may be a million lines long. */
async function report(
  { terminal, options }: CommandContext,
  { caller, signal }: OpenDipper,
  job: string,
  { failed = false, format }: JobsOptions,
): Promise<void> {
  const form = format ?? (options.json === true ? 'ndjson' : 'csv');
  let page = await caller.call('jobs:report', { job, from: null, onlyFailed: failed }, signal);
  await terminal.write(reportHead(form) + reportLines(page.outcomes, form));
  while (page.next !== null) {
    page = await caller.call('jobs:report', { job, from: page.next, onlyFailed: failed }, signal);
    await terminal.write(reportLines(page.outcomes, form));
  }
}
