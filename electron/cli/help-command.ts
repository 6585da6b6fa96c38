import { UsageError } from './usage-error.ts';
import { unknownVerb } from './usage-text.ts';
import { describeVerb, type AddVerb } from './verb.ts';

export const addHelpCommand: AddVerb = (program) => {
  const command = program
    .command('help')
    .argument('[verb]', 'a verb')
    .action((name: string | undefined) => {
      const target = name === undefined ? program : program.commands.find((verb) => verb.name() === name);
      if (target === undefined) throw new UsageError(unknownVerb(name ?? '', program.commands));
      target.help();
    });
  describeVerb(command, {
    summary: 'explain Dipper or one of its verbs',
    details: 'The same as --help after the verb.',
    examples: ['dipper help query', 'dipper help --json'],
    json: '{"name", "summary", "arguments", "options", "verbs"}, the verbs and options as data',
  });
};
