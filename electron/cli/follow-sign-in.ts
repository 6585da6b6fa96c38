import type { SignInStep } from '../../shared/aws-profile.ts';
import { AppFailure } from '../../shared/result.ts';
import { openInBrowser } from './open-url.ts';
import type { CommandContext, OpenDipper } from './session.ts';

/** All that a person has to do, one after the other. Throws `sign-in-needed` where there is no terminal to ask on. */
export async function followSignIn(
  { terminal, messages }: CommandContext,
  { caller, signal, ownerEnded }: OpenDipper,
  profile: string,
  mayOpen: boolean,
): Promise<void> {
  let step: SignInStep = await caller.call('profiles:begin-sign-in', { profile }, signal);
  while (step.step !== 'done') {
    let code: string | null = null;
    if (step.step === 'browser') {
      terminal.say(`Confirm the code ${step.code} at ${step.address}`);
      if (mayOpen) await openInBrowser(step.address, terminal.environment);
    } else {
      code = await askCode(terminal, step);
      if (ownerEnded === null)
        messages.note('The code counts for this command alone: no Dipper is open that could keep it.');
    }
    step = await caller.call('profiles:continue-sign-in', { profile, code }, signal);
  }
}

async function askCode(
  terminal: CommandContext['terminal'],
  { profile, device }: Extract<SignInStep, { step: 'code' }>,
): Promise<string> {
  const answer = await terminal.ask(`Code of ${device}: `);
  if (answer !== null) return answer.trim();
  throw new AppFailure(
    'sign-in-needed',
    `The profile "${profile}" takes a code of ${device}, and there is no terminal to ask for it. Run dipper sign-in ${profile} in one, with Dipper open.`,
    { detail: { profile } },
  );
}

/** Before a command's own work: a code that its profile takes is asked for where there is a terminal. */
export async function giveCodeFirst(context: CommandContext, open: OpenDipper, profile: string): Promise<void> {
  const { profiles } = await open.caller.call('profiles:list', {}, open.signal);
  const needs = profiles.find(({ name }) => name === profile)?.signIn ?? null;
  if (needs === 'code' && context.terminal.isInteractive) await followSignIn(context, open, profile, false);
}
