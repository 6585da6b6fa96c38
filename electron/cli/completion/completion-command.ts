import { Argument } from 'commander';
import { describeVerb, type AddVerb } from '../verb.ts';
import { SHELL_SCRIPTS, SHELLS, type CompletedShell } from './shell-scripts.ts';

export const addCompletionCommand: AddVerb = (program, run) => {
  const command = program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action((shell: CompletedShell, _: object, self) =>
      run(self, async ({ terminal, options }) => {
        const script = SHELL_SCRIPTS[shell];
        await terminal.write(options.json === true ? `${JSON.stringify({ shell, script })}\n` : script);
        return 0;
      }),
    );
  describeVerb(command, {
    summary: 'print a script that completes dipper in a shell',
    details:
      'It completes verbs, options and their values, connections, and the addresses of collections that the data folder knows; nothing is sent. The beginning of the script says where it goes.',
    examples: ['eval "$(dipper completion bash)"', 'dipper completion zsh > _dipper'],
    json: '{"shell", "script"}',
  });
};
