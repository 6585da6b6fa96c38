import { basename } from 'node:path';
import { MOST_EXPORT_VALUES } from '../../../../shared/export.ts';
import { AppFailure } from '../../../../shared/result.ts';
import type { ExportSink, FileState, SinkSettings, SinkState } from './export-sink.ts';
import { createPartMaker, type PartMaker } from './part-maker.ts';
import { numberedName, valueName } from './part-names.ts';
import { PART_START, type Part, type PartPlace } from './part.ts';
import { RowFields } from './row-fields.ts';
import type { ExportRow } from './row-shape.ts';

/** UTF-16 units that wait in all parts together; beyond it all of them are written. */
const MOST_WAITING = 16 * 1024 * 1024;

interface Opened {
  readonly name: string;
  readonly value: string | null;
  readonly part: Part;
}

/** Records in one file, in several of about one size, or in one for each value of a field. */
export class PartsSink implements ExportSink {
  readonly #settings: SinkSettings;
  readonly #maker: PartMaker;
  readonly #open = new Map<string | null, Opened>();
  /** Names in small letters: on some systems capitals make no difference. */
  readonly #names = new Set<string>();
  /** The field that says which file a record goes to; null where none does. */
  readonly #splitBy: RowFields | null;
  #finished: readonly FileState[];
  #added = 0;

  private constructor(settings: SinkSettings, maker: PartMaker, finished: readonly FileState[]) {
    this.#settings = settings;
    this.#maker = maker;
    const { form, shape } = settings;
    this.#splitBy = form.split !== null && 'field' in form.split ? new RowFields(shape, [form.split.field]) : null;
    this.#finished = finished;
  }

  static async open(settings: SinkSettings, state: SinkState | null): Promise<PartsSink> {
    const files = state?.files ?? [];
    const finished = files.filter(({ isFinished }) => isFinished);
    const sink = new PartsSink(settings, await createPartMaker(settings), finished);
    try {
      for (const { name, value, place } of files.filter(({ isFinished }) => !isFinished)) {
        await sink.#openFile(name, value, place);
      }
      // Without records there is a file too.
      if (files.length === 0 && settings.form.split === null) await sink.#partOf(null);
    } catch (error) {
      await sink.close();
      throw error;
    }
    return sink;
  }

  get restsAfter(): number {
    return this.#maker.restsAfter;
  }

  get bytes(): number {
    let bytes = 0;
    for (const { place } of this.#finished) bytes += place.size;
    for (const { part } of this.#open.values()) bytes += part.size;
    return bytes;
  }

  add(row: ExportRow): void | Promise<void> {
    const { split } = this.#settings.form;
    const value = this.#splitBy === null ? null : this.#valueOf(row, this.#splitBy);
    const opened = this.#open.get(value);
    if (opened === undefined) return this.#addToNew(value, row);
    this.#addTo(opened.part, row);
    if (split !== null && 'bytes' in split && opened.part.size >= split.bytes) return this.#finishFile(opened);
  }

  async settle(): Promise<void> {
    const isFull = this.#added >= MOST_WAITING;
    for (const { part } of this.#open.values()) if (isFull || part.isDue) await part.flush();
    if (isFull) this.#added = 0;
  }

  async rest(): Promise<SinkState> {
    const going: FileState[] = [];
    for (const { name, value, part } of this.#open.values()) {
      going.push({ name, value, place: await part.keep(), isFinished: false });
    }
    this.#added = 0;
    return { files: [...this.#finished, ...going], isWhole: false };
  }

  async finish(): Promise<SinkState> {
    for (const opened of this.#open.values()) await this.#finishFile(opened);
    if (this.#finished.length === 0) await this.#finishFile(await this.#partOf(null));
    await this.#maker.finish();
    return { files: this.#finished, isWhole: true };
  }

  async close(): Promise<void> {
    for (const { part } of this.#open.values()) await part.close();
    this.#open.clear();
    await this.#maker.close();
  }

  async #addToNew(value: string | null, row: ExportRow): Promise<void> {
    const { part } = await this.#partOf(value);
    this.#addTo(part, row);
  }

  #addTo(part: Part, row: ExportRow): void {
    part.add(row);
    this.#added += row.text.length;
  }

  #valueOf(row: ExportRow, splitBy: RowFields): string | null {
    splitBy.read(row);
    const kind = splitBy.kindAt(0);
    if (kind === null || kind === 'null') return null;
    return kind === 'string' ? splitBy.stringAt(0) : splitBy.textAt(0);
  }

  async #partOf(value: string | null): Promise<Opened> {
    const { form, target } = this.#settings;
    const { split } = form;
    if (split === null) return this.#openFile(basename(target.path), null, PART_START);
    if ('bytes' in split) {
      return this.#openFile(numberedName(target.path, form, this.#finished.length + 1), null, PART_START);
    }
    if (this.#open.size >= MOST_EXPORT_VALUES) throw tooManyValues(split.field);
    const name = valueName(target.path, form, value, false);
    const isTwin = this.#names.has(name.toLowerCase());
    return this.#openFile(isTwin ? valueName(target.path, form, value, true) : name, value, PART_START);
  }

  async #openFile(name: string, value: string | null, at: PartPlace): Promise<Opened> {
    const opened = { name, value, part: await this.#maker.open(name, at) };
    this.#open.set(value, opened);
    this.#names.add(name.toLowerCase());
    return opened;
  }

  async #finishFile({ name, value, part }: Opened): Promise<void> {
    const { size } = part;
    const bytes = await part.finish();
    this.#open.delete(value);
    this.#finished = [...this.#finished, { name, value, place: { rows: 0, bytes, size }, isFinished: true }];
  }
}

function tooManyValues(field: string): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `The field ${JSON.stringify(field)} has more than ${MOST_EXPORT_VALUES.toLocaleString('en-US')} different values, and each would be a file. Split by another field, or by size.`,
  );
}
