import { isAborted } from '../api/call.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

/** Runs a command and lets no failure vanish: what concerns a query or record is shown by its own view. */
export function runCommand(command: Command<CommandContext>, context: CommandContext): void {
  const running = async () => command.run(context);
  running().catch((error: unknown) => {
    if (!isAborted(error)) console.error(`The command ${command.id} failed`, error);
  });
}
