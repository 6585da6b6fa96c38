import type { Freshness } from '../../shared/contract.ts';
import type { OpenedQuery, SyncProgress } from '../../shared/page.ts';
import type { Plan, Spending } from '../../shared/plan.ts';
import type { FieldSortKey } from '../../shared/query.ts';
import type { AppError, ErrorCode } from '../../shared/result.ts';
import { SQL_ASKS_OF } from '../../shared/sql.ts';
import { call, isAborted, toAppError } from '../api/call.ts';
import { onEvent } from '../api/events.ts';
import { PageCache } from '../grid/page-cache.ts';
import { ScrollScale } from '../grid/scroll-scale.ts';
import { ROW_HEIGHT } from '../grid/use-row-window.ts';

/** What a tab knows of its query's answer. */
export interface SessionState {
  /** A query is on its way; the answer before it stays until the first rows of the new one are here. */
  readonly running: boolean;
  /** Query text of the run that is on its way or was the last. */
  readonly asked: string | null;
  readonly answer: SessionAnswer | null;
  readonly failure: AppError | null;
  /** A run that waits for a person to say that it may cost what it does. */
  readonly question: RunQuestion | null;
  /** The last progress heard of while this session waited or showed an answer that a sync may change. */
  readonly progress: SyncProgress | null;
  /** The index has changed since the answer was made. */
  readonly newer: boolean;
  /** The index process ended meanwhile, and the query was asked again: said until the next run that somebody asks for. */
  readonly interrupted: boolean;
}

/** What a run would take, and how it was asked for. */
export interface RunQuestion {
  readonly plan: Plan;
  readonly query: string;
  readonly freshness: Freshness;
  readonly terms: RunTerms;
}

/** Tags that were read before are read again; milliseconds since 1970. */
export interface RunTerms {
  readonly tagsReadBefore?: number;
}

export interface SessionAnswer {
  readonly opened: OpenedQuery;
  readonly query: string;
  readonly pages: PageCache;
  /** Grows where the answer is one of another query or order, so that the grid starts at the first row. */
  readonly epoch: number;
  /** What a statement's rows were sorted by since; a query says it itself. */
  readonly sort: readonly FieldSortKey[];
}

/** Rows that are there before an answer is shown: as many as a large window has. */
const FIRST_ROWS = 60;

const NEVER = new AbortController().signal;

const GONE_WITH_THE_INDEX: ReadonlySet<ErrorCode> = new Set(['result-closed', 'index-restarted', 'index-damaged']);

const AT_REST: SessionState = {
  running: false,
  asked: null,
  answer: null,
  failure: null,
  question: null,
  progress: null,
  newer: false,
  interrupted: false,
};

interface Asked extends RunTerms {
  readonly collection: string;
  readonly text: string;
  readonly freshness: Freshness;
  readonly spending: Spending;
}

/** How a session asks: with a query as JSON, or a statement in SQL. */
export interface Asking {
  readonly open: (asked: Asked, signal: AbortSignal) => Promise<OpenedQuery>;
  /** JSON of the query whose plan is that of the text. */
  readonly planned: (text: string) => string;
  /** Sorts the rows of an open result; null where the text says their order. */
  readonly sort: ((result: string, sort: readonly FieldSortKey[], signal?: AbortSignal) => Promise<unknown>) | null;
}

const WITH_QUERIES: Asking = {
  open: ({ text, ...asked }, signal) => call('query:open', { ...asked, query: text }, signal),
  planned: (text) => text,
  sort: null,
};

export const IN_SQL: Asking = {
  open: ({ collection, text, freshness, spending }, signal) =>
    call('sql:open', { collection, statement: text, freshness, spending }, signal),
  planned: () => SQL_ASKS_OF,
  sort: (result, sort, signal) => call('sql:sort', { result, sort }, signal),
};

/** One tab's query: runs it, holds the open result and its pages, hears of news, and closes what it opened. */
export class ResultSession {
  readonly collection: string;
  readonly #asking: Asking;
  /** Of the grid: outlives a change of tabs. */
  readonly scroll = new ScrollScale();
  #state: SessionState = AT_REST;
  #run: AbortController | null = null;
  #syncFailure: AppError | null = null;
  /** Version of the index that was last heard of since the last run began: an answer on its way may be older already. */
  #changedTo = 0;
  /** The query that somebody has let run whatever it takes: what goes on with it by itself does not ask again. */
  #allowed: string | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #ends: readonly (() => void)[];

  constructor(collection: string, asking: Asking = WITH_QUERIES) {
    this.collection = collection;
    this.#asking = asking;
    this.#ends = [
      onEvent('sync:progress', (progress) => {
        if (progress.collection === collection) this.#progressed(progress);
      }),
      onEvent('collection:changed', (change) => {
        if (change.collection !== collection) return;
        this.#changedTo = change.version;
        const { answer } = this.#state;
        if (answer !== null && change.version > answer.opened.version) this.#set({ newer: true });
      }),
    ];
  }

  state = (): SessionState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Resolves when the new answer is shown, or the run has failed or was replaced by another. */
  async run(query: string, freshness: Freshness, terms: RunTerms = {}): Promise<void> {
    this.#set({ interrupted: false });
    this.#allowed = null;
    await this.#ask(query, freshness, terms);
  }

  /** The run that waits goes on, whatever it takes. */
  async allow(): Promise<void> {
    const { question } = this.#state;
    if (question === null) return;
    this.#allowed = question.query;
    await this.#ask(question.query, question.freshness, question.terms);
  }

  /** The run that waits is given up; the answer on screen stays. */
  decline(): void {
    this.#set({ question: null, asked: this.#state.answer?.query ?? this.#state.asked });
  }

  async #ask(query: string, freshness: Freshness, terms: RunTerms = {}): Promise<void> {
    this.#run?.abort();
    const run = new AbortController();
    this.#run = run;
    const { progress } = this.#state;
    this.#set({
      running: true,
      asked: query,
      failure: null,
      question: null,
      progress: isUnderWay(progress) ? progress : null,
    });
    try {
      await this.#open(query, freshness, terms, run.signal);
    } catch (error) {
      if (this.#run !== run) return;
      const unwanted = run.signal.aborted || isAborted(error);
      const failure = unwanted ? null : toAppError(error);
      if (failure !== null && this.#canAskAgain(failure)) {
        this.#set({ interrupted: true });
        await this.#ask(query, freshness, terms);
        return;
      }
      if (failure?.code === 'ask-first') {
        await this.#question({ query, freshness, terms }, run);
        return;
      }
      this.#set({ running: false, ...(failure === null ? {} : { failure }) });
    }
  }

  /** What it would take is asked again: what was known before it began, it may have found out on the way. */
  async #question(asked: Omit<RunQuestion, 'plan'>, run: AbortController): Promise<void> {
    try {
      const { freshness, terms } = asked;
      const query = this.#asking.planned(asked.query);
      const plan = await call('query:plan', { collection: this.collection, query, freshness, ...terms }, run.signal);
      if (this.#run === run) this.#set({ running: false, question: { ...asked, plan } });
    } catch (error) {
      if (this.#run !== run) return;
      this.#set({ running: false, ...(isAborted(error) ? {} : { failure: toAppError(error) }) });
    }
  }

  /** The index process is started anew by the next call; one that ends each time is a failure to be shown. */
  #canAskAgain({ code }: AppError): boolean {
    return code === 'index-restarted' && !this.#state.interrupted;
  }

  /** Asks the last query again, after a write of our own or to see newer data. The grid stays where it is. */
  async rerun(freshness: Freshness, terms: RunTerms = {}): Promise<void> {
    const query = this.#state.asked ?? this.#state.answer?.query;
    if (query !== undefined && query !== null) await this.run(query, freshness, terms);
  }

  /** Stops the run and the sync behind it; the answer on screen stays. */
  async stop(): Promise<void> {
    this.#run?.abort();
    this.#set({ running: false });
    await call('query:stop-sync', { collection: this.collection });
  }

  dispose(): void {
    this.#run?.abort();
    for (const end of this.#ends) end();
    this.#listeners.clear();
    if (this.#state.answer !== null) void this.#close(this.#state.answer);
  }

  async #open(query: string, freshness: Freshness, terms: RunTerms, signal: AbortSignal): Promise<void> {
    const spending = this.#allowed === query ? 'anything' : 'ask';
    const asked = { collection: this.collection, text: query, freshness, spending, ...terms } as const;
    this.#changedTo = 0;
    const opened = await this.#asking.open(asked, signal);
    const before = this.#state.answer;
    const sameQuery = before?.query === query;
    const answer: SessionAnswer = {
      opened,
      query,
      epoch: (before?.epoch ?? 0) + (sameQuery || before === null ? 0 : 1),
      sort: sameQuery ? sortKept(before.sort, opened) : [],
      pages: this.#pagesOf(opened),
    };
    try {
      if (answer.sort.length > 0) await this.#asking.sort?.(opened.result, answer.sort, signal);
      // The rows that the grid will show at once are here before it is shown: nothing flickers.
      const first = sameQuery ? Math.min(Math.floor(this.scroll.top / ROW_HEIGHT), Math.max(opened.total - 1, 0)) : 0;
      await answer.pages.prefetch(first, first + FIRST_ROWS, signal);
      signal.throwIfAborted();
    } catch (error) {
      void this.#close(answer);
      throw error;
    }
    this.#set({ running: false, answer, newer: this.#changedTo > opened.version });
    if (before !== null) void this.#close(before);
    if (!opened.complete) this.#continueFirstSync();
  }

  /** Puts the rows of a statement's answer into another order, from the first row on. */
  async sortBy(sort: readonly FieldSortKey[]): Promise<void> {
    const { answer } = this.#state;
    if (answer === null || this.#asking.sort === null) return;
    const { opened } = answer;
    const pages = this.#pagesOf(opened);
    // At once: a second press goes on from there, also while the rows are on their way.
    this.#set({ answer: { ...answer, sort } });
    try {
      await this.#asking.sort(opened.result, sort);
      await pages.prefetch(0, FIRST_ROWS, NEVER);
    } catch (error) {
      pages.dispose();
      const shown = this.#state.answer;
      if (shown?.sort === sort) this.#set({ answer: { ...shown, sort: answer.sort } });
      this.#pageFailed(opened, error);
      return;
    }
    const now = this.#state.answer;
    // Another answer, or another order, took its place meanwhile.
    if (now?.opened !== opened || now.sort !== sort) return pages.dispose();
    now.pages.dispose();
    this.#set({ answer: { ...now, pages, epoch: now.epoch + 1 } });
  }

  #pagesOf(opened: OpenedQuery): PageCache {
    return new PageCache(
      opened.total,
      (from, count, signal) => call('query:page', { result: opened.result, from, count }, signal),
      (error) => this.#pageFailed(opened, error),
    );
  }

  #progressed(progress: SyncProgress): void {
    const { failure } = this.#state;
    const { error } = progress;
    // A run that waits for the sync asks about its cost by itself.
    const isAsked = error?.code === 'ask-first' && this.#state.running;
    const failed = error !== undefined && error.code !== 'aborted' && !isAsked;
    // A sync that goes on, whoever asked for it, takes back what the one before could not do.
    const stillTrue = failure !== null && failure === this.#syncFailure ? null : failure;
    if (failed && progress.error !== undefined && this.#canAskAgain(progress.error)) {
      // The run that waits for this sync hears of it too.
      const { asked, running } = this.#state;
      this.#set({ progress, interrupted: !running });
      if (!running && asked !== null) void this.#ask(asked, 'first-rows');
      return;
    }
    if (failed) this.#syncFailure = progress.error ?? null;
    this.#set({ progress, failure: failed ? this.#syncFailure : stillTrue });
    this.#continueFirstSync();
  }

  /**
   * An answer out of a first sync holds what was read until then. It is asked again when the sync ends, and before that
   * whenever twice as many records are there: few times, however long it takes.
   */
  #continueFirstSync(): void {
    const { answer, progress, running } = this.#state;
    if (answer === null || answer.opened.complete || running || progress === null) return;
    const over = progress.state === 'done';
    const grown = progress.state === 'reading' && progress.read >= Math.max(answer.opened.records * 2, 100);
    if (over || grown) void this.#ask(answer.query, 'first-rows');
  }

  #pageFailed(opened: OpenedQuery, error: unknown): void {
    const failure = toAppError(error);
    if (failure.code === 'aborted' || this.#state.answer?.opened !== opened) return;
    // The result is gone (the index process was restarted, the connection to Dipper was cut): the same query again. Several
    // pages may say so; a run that is on its way brings the new result, or says why it cannot.
    if (GONE_WITH_THE_INDEX.has(failure.code)) {
      if (this.#state.running) return;
      this.#set({ interrupted: failure.code !== 'result-closed' || this.#state.interrupted });
      const query = this.#state.asked ?? this.#state.answer.query;
      void this.#ask(query, 'first-rows');
      return;
    }
    this.#set({ failure });
  }

  async #close({ pages, opened }: SessionAnswer): Promise<void> {
    pages.dispose();
    try {
      await call('query:close', { result: opened.result });
    } catch (error) {
      // Nothing to do for anybody: an open result also ends with the page.
      console.warn('A result could not be closed', error);
    }
  }

  #set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Of the keys that an answer was sorted by those whose columns the next one has too. */
function sortKept(sort: readonly FieldSortKey[], { columns }: OpenedQuery): readonly FieldSortKey[] {
  return sort.filter(({ field }) => columns.some(({ name }) => name === field));
}

export function isUnderWay(progress: SyncProgress | null): progress is SyncProgress {
  return progress !== null && (progress.state === 'listing' || progress.state === 'reading');
}
