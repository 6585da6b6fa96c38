import type { AwsProfile, AwsProfiles } from '../../shared/aws-profile.ts';
import type { ExitCode } from './exit-code.ts';
import { followSignIn } from './follow-sign-in.ts';
import { withDipper, type CommandContext } from './session.ts';
import { textTable } from './text-table.ts';
import { visibleText } from './text-width.ts';
import { describeVerb, type AddVerb } from './verb.ts';

interface SignInOptions {
  readonly open: boolean;
}

export const addSignInCommand: AddVerb = (program, run) => {
  const command = program
    .command('sign-in')
    .argument('[profile]', 'a profile of ~/.aws/config or ~/.aws/credentials; without it all are listed')
    .option('--no-open', 'only print the address of the sign-in page')
    .action((profile: string | undefined, { open }: SignInOptions, self) =>
      run(self, (context) => (profile === undefined ? listProfiles(context) : signIn(context, profile, open))),
    );
  describeVerb(command, {
    summary: 'sign in to a profile of the AWS tools, or list the profiles',
    details:
      'Single sign-on goes through the browser; its session is shared with the aws command. A code of a device is asked for on the terminal, and what it gives lasts while Dipper runs.',
    examples: ['dipper sign-in', 'dipper sign-in --json'],
    json: 'without a profile {"files", "profiles", "problems"}; with one {"profile"} once that is done',
  });
};

async function listProfiles(context: CommandContext): Promise<ExitCode> {
  const { terminal, messages, options } = context;
  return await withDipper(context, async ({ caller, signal }) => {
    const found = await caller.call('profiles:list', {}, signal);
    if (options.json === true) {
      await terminal.write(`${JSON.stringify(found)}\n`);
      return 0;
    }
    for (const problem of found.problems) messages.note(problem);
    await terminal.write(found.profiles.length === 0 ? noProfiles(found) : profileTable(found.profiles));
    return 0;
  });
}

function noProfiles({ files }: AwsProfiles): string {
  return `There are no profiles in ${files.config} and ${files.credentials}.\n`;
}

function profileTable(profiles: readonly AwsProfile[]): string {
  const columns = [
    { title: 'profile' },
    { title: 'region' },
    { title: 'sign in' },
    { title: 'what it is', runsOn: true },
  ];
  return textTable(
    columns,
    profiles.map(({ name, region, signIn: kind, description, problem }) => [
      visibleText(name),
      visibleText(region ?? '-'),
      kind === null ? '-' : kind === 'browser' ? 'in the browser' : 'with a code',
      visibleText(problem === null ? description : `${description}: ${problem}`),
    ]),
  );
}

async function signIn(context: CommandContext, profile: string, mayOpen: boolean): Promise<ExitCode> {
  const { terminal, messages, options } = context;
  return await withDipper(context, async (open) => {
    await followSignIn(context, open, profile, mayOpen);
    if (options.json === true) await terminal.write(`${JSON.stringify({ profile })}\n`);
    else messages.note(`Signed in to ${profile}.`);
    return 0;
  });
}
