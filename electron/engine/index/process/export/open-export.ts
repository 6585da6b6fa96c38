import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CodecName } from '../../../../../shared/collection.ts';
import { AppFailure, type AppError } from '../../../../../shared/result.ts';
import { decodeObject } from '../../../records/decode-record.ts';
import { discardExport, publish } from '../../../transfer/export/publish.ts';
import type { ExportSink, SinkSettings, SinkState } from '../../../transfer/export/export-sink.ts';
import { FilesSink } from '../../../transfer/export/files-sink.ts';
import { PartsSink } from '../../../transfer/export/parts-sink.ts';
import { shapeOf, type RowShape } from '../../../transfer/export/row-shape.ts';
import type { BeginExport, ExportCheckpoint, ExportStep, LargeObject, WantedObject } from '../../protocol.ts';
import type { IndexStore } from '../index-store.ts';
import { openQuery } from '../open-query.ts';
import { DELETED, type ResultBase } from '../open-result.ts';
import { exportColumns } from './column-types.ts';
import { RowStream, type ExportChunk, type ExportRows } from './row-stream.ts';
import { openStatement, StatementRows, statementColumns } from './statement-rows.ts';

/** Milliseconds of one step, as long as a pause waits, and bytes: what is written again after a crash is a step at most. */
const STEP = 150;
const STEP_BYTES = 8 * 1024 * 1024;
/** Rows that are written in one turn of the event loop: a page that a person waits for comes in between. */
const TURN_ROWS = 500;

const EMPTY: ExportChunk = { keys: [], texts: [], unread: new Map(), twins: new Set() };

/**
 * An export under way: the rows of one moment of the index, read once in their order and written by steps. What is written
 * never leaves this process.
 */
export class OpenExport {
  readonly handle: string;
  readonly collection: string;
  readonly total: number;
  readonly #settings: SinkSettings;
  readonly #version: number;
  readonly #result: ResultBase | null;
  readonly #rows: ExportRows | null;
  readonly #sink: ExportSink | null;
  /** What is whole and only waits for its names. */
  #whole: SinkState | null;
  #chunk = EMPTY;
  #inChunk = 0;
  #position: number;
  #done: number;
  /** Where what was written can be gone on with. */
  #restedAt: number;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(fields: {
    readonly settings: SinkSettings;
    readonly collection: string;
    readonly version: number;
    readonly total: number;
    readonly result: ResultBase | null;
    readonly rows: ExportRows | null;
    readonly sink: ExportSink | null;
    readonly whole: SinkState | null;
    readonly position: number;
    readonly done: number;
  }) {
    this.handle = fields.settings.job;
    this.collection = fields.collection;
    this.total = fields.total;
    this.#settings = fields.settings;
    this.#version = fields.version;
    this.#result = fields.result;
    this.#rows = fields.rows;
    this.#sink = fields.sink;
    this.#whole = fields.whole;
    this.#position = fields.position;
    this.#done = fields.done;
    this.#restedAt = fields.position;
  }

  /** Goes on where the index is still as it was at the checkpoint; else all is written anew. */
  static async begin(store: IndexStore, begin: BeginExport, signal: AbortSignal): Promise<OpenExport> {
    const { job, collection, form, target, checkpoint } = begin;
    const { bucket, prefix } = store.settings;
    const { result, version, codec, shape, isLasting, openRows } = await openExported(store, begin, signal);
    try {
      const { total } = result;
      const settings = { job, form, target, shape, codec, bucket, prefix };
      const base = { settings, collection, version, total };
      if (checkpoint?.sink.isWhole === true) {
        await closeResult(result);
        const { sink: whole, position, done } = checkpoint;
        return new OpenExport({
          ...base,
          total: position,
          result: null,
          rows: null,
          sink: null,
          whole,
          position,
          done,
        });
      }
      const isSame = isLasting && checkpoint?.version === version && checkpoint.total === total;
      const from = isSame ? checkpoint : null;
      if (from === null) await discardExport(target, job);
      const state = from?.sink ?? null;
      const sink = await (form.format === 'files' ? FilesSink.open(settings, state) : PartsSink.open(settings, state));
      const rows = openRows(from?.position ?? 0);
      return new OpenExport({
        ...base,
        result,
        rows,
        sink,
        whole: null,
        position: from?.position ?? 0,
        done: from?.done ?? 0,
      });
    } catch (error) {
      await closeResult(result);
      throw error;
    }
  }

  get position(): number {
    return this.#position;
  }

  /** `large`: what the step before wanted. */
  step(large: LargeObject | null): Promise<ExportStep> {
    return this.#inTurn(() => this.#step(large));
  }

  /** Gives the files their names; all steps are done. */
  publish(): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      if (this.#whole === null) throw new AppFailure('internal', 'The export is not whole yet.');
      return publish(this.#settings, this.#whole, this.#done);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
    await this.#rows?.close();
    await this.#sink?.close();
    if (this.#result !== null) await closeResult(this.#result);
  }

  async #step(large: LargeObject | null): Promise<ExportStep> {
    const failures: ExportStep['failures'][number][] = [];
    const sink = this.#sink;
    const rows = this.#rows;
    if (sink === null || rows === null || this.#whole !== null) return this.#told(failures, null, this.#checkpoint());
    const until = performance.now() + STEP;
    const mostBytes = sink.bytes + STEP_BYTES;
    if (large !== null) failures.push(...(await this.#addLarge(sink, large)));
    for (;;) {
      await sink.settle();
      if (performance.now() >= until || sink.bytes >= mostBytes) {
        if (this.#position - this.#restedAt < sink.restsAfter) return this.#told(failures, null, null);
        this.#restedAt = this.#position;
        return this.#told(failures, null, this.#checkpoint(await sink.rest()));
      }
      if (this.#inChunk >= this.#chunk.keys.length) {
        const chunk = await rows.next();
        if (chunk === null) {
          this.#whole = await sink.finish();
          return this.#told(failures, null, this.#checkpoint());
        }
        this.#chunk = chunk;
        this.#inChunk = 0;
      }
      const wanted = await this.#addRows(sink, failures);
      if (wanted !== null) return this.#told(failures, wanted, null);
      await nextTurn();
    }
  }

  /** Some rows of the chunk, up to an object that has to be read from S3. */
  async #addRows(sink: ExportSink, failures: ExportStep['failures'][number][]): Promise<WantedObject | null> {
    const { keys, texts, unread, twins } = this.#chunk;
    const end = Math.min(this.#inChunk + TURN_ROWS, keys.length);
    while (this.#inChunk < end) {
      const at = this.#inChunk;
      const key = keys[at] ?? '';
      const text = texts[at] ?? null;
      const object = unread.get(at);
      const etag = object?.etag ?? null;
      if (text !== null) {
        try {
          const adding = sink.add({ key, text, isTwin: twins.has(at) });
          if (adding !== undefined) await adding;
          this.#done += 1;
        } catch (error) {
          failures.push({ index: this.#position, key, etag, error: rowFailure(error) });
        }
      } else if (etag !== null && this.#isReadFromS3(object?.problemCode ?? null)) {
        return { key, etag, size: object?.size ?? 0 };
      } else {
        failures.push({ index: this.#position, key, etag, error: problemOf(object?.problem ?? null) });
      }
      this.#next();
      // A file each fills the memory faster than a chunk ends.
      if (this.#settings.form.format === 'files') await sink.settle();
    }
    return null;
  }

  /** Of files also what is no record: its bytes are the object. */
  #isReadFromS3(code: string | null): boolean {
    return this.#settings.form.format === 'files' || code === 'record-too-large';
  }

  async #addLarge(sink: ExportSink, { error, bytes, contentEncoding }: LargeObject): Promise<ExportStep['failures']> {
    const { format } = this.#settings.form;
    const at = this.#inChunk;
    const key = this.#chunk.keys[at] ?? '';
    const index = this.#position;
    const isTwin = this.#chunk.twins.has(at);
    const etag = this.#chunk.unread.get(at)?.etag ?? null;
    this.#next();
    if (error !== null) return [{ index, key, etag, error }];
    try {
      if (format === 'files') await sink.add({ key, text: '', isTwin, bytes });
      else {
        const { codec } = this.#settings;
        const { record, body, problem } = decodeObject(codec, bytes, { key, contentEncoding }, MOST_TEXT);
        if (record === null || body === null) return [{ index, key, etag, error: problemOf(problem?.message ?? null) }];
        await sink.add({ key, text: body.text, isTwin });
      }
      await sink.settle();
      this.#done += 1;
      return [];
    } catch (failure) {
      return [{ index, key, etag, error: rowFailure(failure) }];
    }
  }

  #next(): void {
    this.#inChunk += 1;
    this.#position += 1;
  }

  #checkpoint(state = this.#whole): ExportCheckpoint | null {
    if (state === null) return null;
    return {
      version: this.#version,
      total: this.total,
      position: this.#position,
      done: this.#done,
      sink: state,
    };
  }

  #told(
    failures: ExportStep['failures'],
    wanted: WantedObject | null,
    checkpoint: ExportCheckpoint | null,
  ): ExportStep {
    return {
      position: this.#position,
      done: this.#done,
      bytes: this.#sink?.bytes ?? 0,
      failures,
      wanted,
      checkpoint,
      isWhole: this.#whole !== null,
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => {
      if (this.#isClosed) throw exportClosed();
      return work();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

interface Exported {
  readonly result: ResultBase;
  readonly version: number;
  readonly codec: CodecName;
  readonly shape: RowShape;
  /** The same rows come in the same order as long as the index is the same. */
  readonly isLasting: boolean;
  readonly openRows: (from: number) => ExportRows;
}

async function openExported(store: IndexStore, begin: BeginExport, signal: AbortSignal): Promise<Exported> {
  const { query, sql, form } = begin;
  const { codec, prefix } = store.settings;
  if (sql !== undefined) {
    const { result, version } = await openStatement(store, sql, signal);
    const own = { ...form, withId: false, withMetadata: false };
    const shape = shapeOf({ codec: 'plain', prefix }, own, [], await statementColumns(result));
    const openRows = (): ExportRows => new StatementRows(result);
    return { result, version, codec: 'plain', shape, isLasting: false, openRows };
  }
  const { result } = await openQuery(store, query, signal, 'whole');
  const { connection, total, version, select } = result;
  try {
    await connection.run('BEGIN');
    const shape = shapeOf({ codec, prefix }, form, select, await exportColumns(connection, store, select));
    const openRows = (from: number): ExportRows => RowStream.open(connection, from, total, form.format === 'files');
    return { result, version, codec, shape, isLasting: true, openRows };
  } catch (error) {
    await closeResult(result);
    throw error;
  }
}

/** UTF-16 units of an object that is decoded as a whole. */
const MOST_TEXT = 512 * 1024 * 1024;

async function closeResult({ connection, turn }: ResultBase): Promise<void> {
  await turn;
  connection.interrupt();
  connection.closeSync();
}

function problemOf(problem: string | null): AppError {
  return {
    code: 'record-unreadable',
    message: problem ?? DELETED,
    retryable: false,
  };
}

/** What is the record's own fault; anything else is the export's. */
function rowFailure(error: unknown): AppError {
  if (error instanceof AppFailure && error.error.code === 'invalid-record') return error.error;
  throw error;
}

export function exportClosed(): AppFailure {
  return new AppFailure(
    'index-restarted',
    'The index was opened anew while it was being exported. Resume the job: it goes on where it was.',
    { retryable: true },
  );
}
