import type { EventMessage } from '../../shared/bridge.ts';
import { hasEnded, type Job, type JobRequest } from '../../shared/job.ts';
import { jobTitle, outcomeText, paceWords, processed, progressText, stateWords } from '../../shared/job-words.ts';
import type { Spending } from '../../shared/plan.ts';
import { AppFailure } from '../../shared/result.ts';
import type { ExitCode } from './exit-code.ts';
import { followSignIn } from './follow-sign-in.ts';
import { asKeptFailure } from './kept-for-undo.ts';
import type { CommandContext, OpenDipper } from './session.ts';

/** Failed records that are said one by one; all of them are in the report. */
const SAID_FAILURES = 10;

/** Starts a job and stays until it has ended. */
export async function runJob(
  context: CommandContext,
  open: OpenDipper,
  job: JobRequest,
  spending: Spending = 'within-budget',
  onStop: OnStop = pausedByCtrlC,
): Promise<ExitCode> {
  const watch = watchJobs(open);
  const starting = open.caller.call('jobs:start', { job, spending }, open.signal);
  const started = await starting.catch((error: unknown) => {
    throw asKeptFailure(error);
  });
  return await follow(context, open, watch, started, onStop);
}

/** The same, with standard output for something else: what there is to say of the job goes to standard error. */
export function runJobBeside(context: CommandContext, open: OpenDipper, job: JobRequest): Promise<ExitCode> {
  const { terminal } = context;
  const write = async (text: string | Uint8Array): Promise<void> => terminal.say(String(text).trimEnd());
  return runJob({ ...context, terminal: { ...terminal, write } }, open, job, 'within-budget', cancelledByCtrlC);
}

/** Lets a paused or interrupted job go on, tries its failed records again or undoes it, and stays until that has ended. */
export async function goOnWithJob(
  context: CommandContext,
  open: OpenDipper,
  action: 'resume' | 'retry' | 'undo',
  job: string,
  how: { readonly spending: Spending; readonly undoable?: false },
): Promise<ExitCode> {
  const { caller, signal } = open;
  const watch = watchJobs(open);
  const going =
    action === 'resume'
      ? caller.call('jobs:resume', { job }, signal)
      : action === 'undo'
        ? caller.call('jobs:undo', { job, ...how }, signal)
        : caller.call('jobs:retry', { job, spending: how.spending }, signal);
  const started = await going.catch((error: unknown) => {
    throw asKeptFailure(error);
  });
  return await follow(context, open, watch, started);
}

/**
 * Ctrl-C pauses the job rather than to leave it to whoever opens the data folder next. Exit code 3 where records of it
 * failed; a job that stands still by itself or failed is a failure.
 */
async function follow(
  context: CommandContext,
  open: OpenDipper,
  watch: JobWatch,
  started: Job,
  onStop: OnStop = pausedByCtrlC,
): Promise<ExitCode> {
  const { terminal, messages, options } = context;
  const wanted = options.quiet !== true && options.progress !== false;
  const draw = (job: Job): void => {
    if (!wanted || open.signal.aborted) return;
    if (options.json !== true) terminal.status(statusLine(job));
    else if (job.state !== 'queued') messages.progress(job);
  };
  draw(started);
  let job = await watch.standstill(started, draw);
  while (job !== 'stopped' && terminal.isInteractive && waitsForPerson(job)) {
    terminal.status(null);
    job = await watch.standstill(await signInFor(context, open, job), draw);
  }
  terminal.status(null);
  if (job === 'stopped') throw await onStop(open, started.id);
  if (options.json === true) await terminal.write(`${JSON.stringify(job)}\n`);
  else await terminal.write(`${capital(outcomeText(job))}.\n`);
  if (job.state === 'failed' || job.state === 'paused') {
    const { code, message } = job.error ?? { code: 'aborted', message: 'Somebody paused the job.' };
    throw new AppFailure(code, job.state === 'paused' ? `${message} ${pausedText(job)}` : message);
  }
  if (job.state === 'cancelled') throw new AppFailure('aborted', 'Somebody cancelled the job.');
  if (job.counts.failed === 0) return 0;
  const { outcomes } = await open.caller.call(
    'jobs:report',
    { job: job.id, from: null, onlyFailed: true },
    open.signal,
  );
  for (const { key, error } of outcomes.slice(0, SAID_FAILURES)) {
    if (error !== null) messages.failure(new AppFailure(error.code, error.message), { key });
  }
  messages.note(
    `"dipper jobs report ${job.id} --failed" lists what failed, "dipper jobs retry ${job.id}" tries it again.`,
  );
  return 3;
}

function pausedText({ id }: Job): string {
  return `The job is paused: "dipper jobs resume ${id}" goes on with it.`;
}

function waitsForPerson({ state, error }: Job): boolean {
  return state === 'paused' && error?.code === 'sign-in-needed' && error.detail?.profile !== undefined;
}

/** A session that ends takes a person again; signed in, the job goes on by itself. Answers how it stands then. */
async function signInFor(context: CommandContext, open: OpenDipper, job: Job): Promise<Job> {
  try {
    await followSignIn(context, open, job.error?.detail?.profile ?? '', false);
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    const { code, message } = error.error;
    throw new AppFailure(code, `${message} ${pausedText(job)}`, { cause: error });
  }
  const jobs = await open.caller.call('jobs:list', {}, open.signal);
  return jobs.find(({ id }) => id === job.id) ?? job;
}

/** `▰▰▱▱▱▱▱▱▱▱ Delete 5,000 records of notes · 1,200 of 5,000 · 810/s · 5 s left`. */
function statusLine(job: Job): string {
  const state = job.state === 'running' ? [] : [stateWords(job.state)];
  return [`${progressBar(job)}${jobTitle(job)}`, ...state, progressText(job), ...paceWords(job)].join(' · ');
}

const BAR_CELLS = 10;

/** Empty where nobody knows how many records there are. */
function progressBar({ counts }: Job): string {
  if (counts.total === null || counts.total === 0) return '';
  const full = Math.floor((BAR_CELLS * processed(counts)) / counts.total);
  return `${'▰'.repeat(full)}${'▱'.repeat(BAR_CELLS - full)} `;
}

/** What becomes of the job after Ctrl-C, and what is said of it. */
type OnStop = (open: OpenDipper, job: string) => Promise<AppFailure>;

/** Nobody waits for what it would have written. */
async function cancelledByCtrlC({ caller }: OpenDipper, id: string): Promise<AppFailure> {
  await caller.call('jobs:cancel', { job: id });
  return new AppFailure('aborted', 'Stopped. The job is cancelled.');
}

async function pausedByCtrlC({ caller }: OpenDipper, id: string): Promise<AppFailure> {
  // What was asked for after Ctrl-C must not be cancelled by it: no signal.
  const job = await caller.call('jobs:pause', { job: id });
  return new AppFailure(
    'aborted',
    `Stopped. The job is paused after ${progressText(job)}: "dipper jobs resume ${id}" goes on with it, "dipper jobs cancel ${id}" ends it.`,
  );
}

interface JobWatch {
  /** The job when it has ended or is paused; `stopped` after Ctrl-C. */
  standstill(started: Job, onChange: (job: Job) => void): Promise<Job | 'stopped'>;
}

/** Hears of jobs from now on, so that nothing that happens before the answer of the start is missed. */
function watchJobs(open: OpenDipper): JobWatch {
  const latest = new Map<string, Job>();
  let heard: ((job: Job) => void) | null = null;
  open.onEvent((event: EventMessage) => {
    if (event.name !== 'job:changed') return;
    latest.set(event.payload.id, event.payload);
    heard?.(event.payload);
  });
  return {
    standstill: async (started, onChange) => {
      const { signal, ownerEnded } = open;
      const stillness = new Promise<Job | 'stopped'>((resolve) => {
        const look = (job: Job): void => {
          if (job.id !== started.id) return;
          if (standsStill(job)) resolve(job);
          else onChange(job);
        };
        heard = look;
        look(latest.get(started.id) ?? started);
        signal.addEventListener('abort', () => resolve('stopped'), { once: true });
        if (signal.aborted) resolve('stopped');
      });
      if (ownerEnded === null) return await stillness;
      return await Promise.race([stillness, ownerEnded.then(ownerIsGone)]);
    },
  };
}

function ownerIsGone(): never {
  throw new AppFailure(
    'connection-lost',
    'The Dipper that this one was working through has ended. The job goes on with the next start of the window or of "dipper serve".',
  );
}

function standsStill({ state }: Job): boolean {
  return hasEnded(state) || state === 'paused';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
