import { Help, type Argument, type Command, type Option } from 'commander';
import { EXIT_CODES } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import { verbText } from './verb.ts';

const BOLD = ['\u001b[1m', '\u001b[22m'] as const;
const CYAN = ['\u001b[36m', '\u001b[39m'] as const;

/** How help looks: the terminal's width, colours where it has them, examples and exit codes at the end. */
export function configureHelp(command: Command, terminal: Pick<Terminal, 'columns' | 'colours'>): void {
  const styled =
    ([on, off]: readonly [string, string]) =>
    (text: string): string =>
      terminal.colours ? `${on}${text}${off}` : text;
  const title = styled(BOLD);
  const term = styled(CYAN);
  command
    .helpOption('-h, --help', 'show this help')
    .configureOutput({ getOutHelpWidth: () => terminal.columns, getOutHasColors: () => terminal.colours })
    .configureHelp({
      minWidthToWrap: 15,
      styleTitle: title,
      styleOptionText: term,
      styleSubcommandText: term,
      styleArgumentText: term,
      subcommandTerm: (verb) => verb.name(),
      formatHelp: (target, helper) => verbsFirst(Help.prototype.formatHelp.call(helper, target, helper), target, title),
      optionDescription: describeTaker,
      argumentDescription: describeTaker,
    })
    .addHelpText('after', () => {
      const text = verbText(command);
      const lines: string[] = [''];
      if (text !== undefined) {
        lines.push(title('Examples:'), ...text.examples.map((example) => `  ${example.replaceAll('\n', '\n  ')}`), '');
        lines.push(`${title('With --json:')} ${text.json}.`, '');
      }
      const codes = EXIT_CODES.map(([code, meaning]) => `${code} ${meaning}`).join(', ');
      lines.push(`${title('Exit codes:')} ${codes}.`);
      return lines.map((line) => wrapped(line, terminal.columns)).join('\n');
    });
}

/** commander puts the verbs behind all options; who asks for help looks for the verbs. */
function verbsFirst(text: string, { commands }: Command, title: (text: string) => string): string {
  const groups = new Set(commands.map((verb) => title(verb.helpGroup())));
  const sections = text.trimEnd().split('\n\n');
  const isVerbs = (section: string): boolean => groups.has(section.split('\n', 1)[0] ?? '');
  const [usage = '', description = '', ...others] = sections.filter((section) => !isVerbs(section));
  return `${[usage, description, ...sections.filter(isVerbs), ...others].join('\n\n')}\n`;
}

function describeTaker({ description, argChoices }: Option | Argument): string {
  return argChoices === undefined ? description : `${description} (${argChoices.join(', ')})`;
}

/** A line of an example stays whole: it is there to be copied. */
function wrapped(line: string, width: number): string {
  if (line.startsWith('  ')) return line;
  const rows: string[] = [''];
  for (const word of line.split(' ')) {
    const row = rows.at(-1) ?? '';
    const joined = row === '' ? word : `${row} ${word}`;
    // oxlint-disable-next-line no-control-regex
    if (row !== '' && joined.replaceAll(/\u001b\[\d+m/g, '').length > width) rows.push(word);
    else rows[rows.length - 1] = joined;
  }
  return rows.join('\n');
}

/** The same as data: what `--help --json` prints. */
export function helpData(command: Command): object {
  const text = verbText(command);
  return {
    name: command.name(),
    summary: text?.summary ?? command.description(),
    ...(text === undefined ? {} : { details: text.details, examples: text.examples, json: text.json }),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      description: argument.description,
      required: argument.required,
      many: argument.variadic,
      ...(argument.argChoices === undefined ? {} : { choices: argument.argChoices }),
    })),
    options: command.options
      .filter((option) => !option.hidden)
      .map((option) => ({
        flags: option.flags,
        description: option.description,
        ...(option.argChoices === undefined ? {} : { choices: option.argChoices }),
      })),
    ...(command.commands.length === 0 ? {} : { verbs: command.commands.map(helpData) }),
  };
}
