import type { Argument, Command, Option } from 'commander';
import type { KnownNames } from '../../application.ts';

export interface Candidate {
  readonly value: string;
  readonly text: string;
}

/** What can stand at the end of a command line; `paths` where the shell itself knows: names of files or folders. */
export interface Candidates {
  readonly values: readonly Candidate[];
  readonly paths: 'files' | 'folders' | null;
}

type ReadNames = () => Promise<KnownNames>;

/**
 * From the tree of verbs and options alone, so that it is never behind them. `words` are those after `dipper`, the last
 * one unfinished. `readNames` reads the data folder, where names of it are asked for.
 */
export async function candidatesFor(
  root: Command,
  words: readonly string[],
  readNames: ReadNames,
): Promise<Candidates> {
  const place = placeOf(root, words.slice(0, -1));
  if (place === null) return NONE;
  const { command, waiting, onlyArguments, position, used } = place;
  const current = words.at(-1) ?? '';
  const connection = optionValue(words.slice(0, -1), '--connection');
  const valuesOf = (taker: Option | Argument, before = ''): Promise<Candidates> =>
    takerValues(taker, readNames, connection, before);

  if (waiting !== null) return await valuesOf(waiting);
  const flag = onlyArguments ? undefined : /^(--[^=]+)=/.exec(current)?.[1];
  if (flag !== undefined) {
    const option = optionOf(command, flag);
    return option === undefined || !takesValue(option) ? NONE : await valuesOf(option, `${flag}=`);
  }
  if (!onlyArguments && current.startsWith('-')) {
    const options = command.options.filter((option) => !option.hidden && !used.has(option));
    const values = options.map(({ long, description }) => ({ value: long ?? '', text: description }));
    return { values: [...values, { value: '--help', text: 'show this help' }], paths: null };
  }
  if (command === root || (command.name() === 'help' && position === 0)) {
    return { values: root.commands.map((verb) => ({ value: verb.name(), text: verb.summary() })), paths: null };
  }
  const argument = command.registeredArguments[position] ?? manyOf(command);
  return argument === undefined ? NONE : await valuesOf(argument);
}

/** The value that words give to an option; null where they do not. */
export function optionValue(words: readonly string[], flag: string): string | null {
  const joined = words.findLast((word) => word.startsWith(`${flag}=`));
  if (joined !== undefined) return joined.slice(flag.length + 1);
  const place = words.lastIndexOf(flag);
  return place < 0 ? null : (words[place + 1] ?? null);
}

const NONE: Candidates = { values: [], paths: null };

/** Where the unfinished word stands. */
interface Place {
  readonly command: Command;
  /** The option whose value it is. */
  readonly waiting: Option | null;
  /** After `--`. */
  readonly onlyArguments: boolean;
  /** Which argument of the verb it would be. */
  readonly position: number;
  readonly used: ReadonlySet<Option>;
}

/** Null after a verb that there is not. */
function placeOf(root: Command, before: readonly string[]): Place | null {
  let command = root;
  let position = 0;
  let waiting: Option | null = null;
  let onlyArguments = false;
  const used = new Set<Option>();
  for (const word of before) {
    if (waiting !== null) {
      waiting = null;
    } else if (!onlyArguments && word === '--') {
      onlyArguments = true;
    } else if (!onlyArguments && word.startsWith('-') && word !== '-') {
      const option = optionOf(command, word.split('=')[0] ?? word);
      if (option === undefined) continue;
      used.add(option);
      if (takesValue(option) && !word.includes('=')) waiting = option;
    } else if (command === root) {
      const verb = root.commands.find((known) => known.name() === word);
      if (verb === undefined) return null;
      command = verb;
    } else {
      position += 1;
    }
  }
  return { command, waiting, onlyArguments, position, used };
}

/** By the choices of an option or argument, else by what its placeholder names. `before` goes before each value. */
async function takerValues(
  taker: Option | Argument,
  readNames: ReadNames,
  connection: string | null,
  before: string,
): Promise<Candidates> {
  const found = (values: readonly Candidate[]): Candidates => ({
    values: values.map(({ value, text }) => ({ value: `${before}${value}`, text })),
    paths: null,
  });
  if (taker.argChoices !== undefined) return found(taker.argChoices.map((value) => ({ value, text: '' })));
  switch (placeholderOf(taker)) {
    case 'file':
      return { values: [], paths: 'files' };
    case 'folder':
      return { values: [], paths: 'folders' };
    case 'connection':
      return found((await readNames()).connections.map((value) => ({ value, text: 'a saved connection' })));
    case 'records':
      return found(addresses(await readNames(), connection));
    default:
      return NONE;
  }
}

function addresses({ collections }: KnownNames, connection: string | null): readonly Candidate[] {
  const wanted = collections.filter((known) => connection === null || known.connection === connection);
  const texts = new Map(
    wanted.map(({ name, bucket, prefix, connection: of }) => [
      `s3://${bucket}/${prefix}`,
      of === null ? name : `${name} (${of})`,
    ]),
  );
  return Array.from(texts, ([value, text]) => ({ value, text: text.replaceAll(/\s+/g, ' ') }));
}

/** `file` of `--query <file>`; the argument `<url>` is an address of records, that of `--endpoint <url>` is none. */
function placeholderOf(taker: Option | Argument): string {
  if ('flags' in taker) return /[<[]([a-z-]+)[\]>]/.exec(taker.flags)?.[1] ?? '';
  return taker.name() === 'url' ? 'records' : taker.name();
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function manyOf(command: Command): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return last?.variadic === true ? last : undefined;
}
