import type { Argument, Command, CommanderError, Option } from 'commander';
import { didYouMean } from '../../shared/nearest.ts';
import { verbText } from './verb.ts';

/** What is wrong with a command line that commander refuses, and how to write it. `command` is the one that refused. */
export function usageText(error: CommanderError, command: Command, verbs: readonly Command[]): string {
  const name = command.parent === null ? 'dipper' : `dipper ${command.name()}`;
  const quoted = /'([\s\S]*?)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.unknownOption': {
      const verb = command.parent === null ? command.args.find((argument) => !argument.startsWith('-')) : undefined;
      if (verb !== undefined) return unknownVerb(verb, verbs);
      const flags = command.options.flatMap(({ long, short }) => [long, short].filter((flag) => flag !== undefined));
      return `${name} has no option "${quoted}".${didYouMean(quoted.split('=')[0] ?? quoted, flags)} ${whereListed(command)}`;
    }
    case 'commander.optionMissingArgument': {
      const option = command.options.find(({ flags }) => flags === quoted);
      return `${quoted} needs its value${option === undefined ? '' : `: ${choicesOr(option)}`}.`;
    }
    case 'commander.invalidArgument': {
      const option = command.options.find(({ flags }) => error.message.includes(`'${flags}'`));
      const argument = command.registeredArguments.find((known) => error.message.includes(`'${known.name()}'`));
      const value = /(?:argument|command-argument value) '([\s\S]*?)' is invalid/.exec(error.message)?.[1] ?? '';
      const choices = option?.argChoices ?? argument?.argChoices ?? [];
      const taker = option?.long ?? `${name} <${argument?.name() ?? 'argument'}>`;
      return `${taker} takes ${listed(choices)}, not "${value}".${didYouMean(value, choices)}`;
    }
    case 'commander.missingArgument': {
      const argument = command.registeredArguments.find((known) => known.name() === quoted);
      return `${name} needs <${quoted}>${argument === undefined ? '' : `: ${choicesOr(argument)}`}.${exampleOf(command)}`;
    }
    case 'commander.excessArguments': {
      const most = command.registeredArguments.length;
      const takes = most === 0 ? 'no arguments' : most === 1 ? 'one argument' : `${most} arguments`;
      return `${name} takes ${takes}, not ${command.args.length}. What has blanks in it needs quotes.${exampleOf(command)}`;
    }
    default: {
      const text = error.message.replace(/^error: /, '').trim();
      return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!)]$/.test(text) ? '' : '.'}`;
    }
  }
}

export function unknownVerb(name: string, verbs: readonly Command[]): string {
  const names = verbs.map((verb) => verb.name());
  return `There is no verb "${name}".${didYouMean(name, names)} "dipper help" lists them.`;
}

function whereListed(command: Command): string {
  return command.parent === null ? '"dipper help" lists them.' : `"dipper help ${command.name()}" lists them.`;
}

function choicesOr(taker: Option | Argument): string {
  return taker.argChoices === undefined ? taker.description : listed(taker.argChoices);
}

function listed(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`;
}

function exampleOf(command: Command): string {
  const example = verbText(command)?.examples[0];
  return example === undefined ? '' : `\nFor example: ${example}`;
}
