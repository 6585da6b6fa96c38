import type { ComparedRecord, ComparedState, Comparison } from '../../shared/comparison.ts';
import { workText } from '../../shared/plan-text.ts';
import { sumOfSizes } from '../../shared/size-counter.ts';
import {
  addDestinationOptions,
  DESTINATION_ARGUMENT,
  openDestination,
  type DestinationOptions,
} from './destination.ts';
import type { ExitCode } from './exit-code.ts';
import { runJob } from './follow-job.ts';
import { addServerOptions } from './global-options.ts';
import { addUndoOption, keptText, undoableOf, type UndoOptions } from './kept-for-undo.ts';
import { orStopped, withCollection, type CommandContext } from './session.ts';
import { visibleText } from './text-width.ts';
import { UsageError } from './usage-error.ts';
import { choiceOption, describeVerb, URL_ARGUMENT, type AddVerb } from './verb.ts';

interface PromoteOptions extends DestinationOptions, UndoOptions {
  readonly only?: 'new' | 'changed';
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export const addPromoteCommand: AddVerb = (program, run) => {
  const command = program
    .command('promote')
    .argument(...URL_ARGUMENT)
    .argument(...DESTINATION_ARGUMENT)
    .addOption(choiceOption('--only <state>', 'leave the others alone', ['new', 'changed']))
    .option('--dry-run', 'say what differs, and write nothing')
    .option('--yes', 'do it; without it the records are only compared');
  addUndoOption(addDestinationOptions(command)).action((url: string, to: string, options: PromoteOptions, self) =>
    run(self, (context) => promote(context, url, to, options)),
  );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'bring the records of another prefix, bucket or server up to those of this one',
    details:
      'Records are compared by their JSON values, not by their bytes; only what is new or changed is written, each over what it was compared with. What is only there stays. "dipper jobs undo" takes it back.',
    examples: [
      'dipper promote s3://samples/cars/ s3://samples/cars-3/ --connection Sandbox --dry-run',
      'dipper promote s3://samples/cars/ s3://samples/cars-3/ --connection Sandbox --yes --json',
    ],
    json: 'the job at its end; with --dry-run {"counts": {"new", "changed", "same", "only-there"}, "promoted": {"new", "changed"}, "differing": [{"name", "state", "etag", "etagThere", "storageClass", "size", "sizeThere"}]}',
  });
};

async function promote(context: CommandContext, url: string, to: string, options: PromoteOptions): Promise<ExitCode> {
  return await withCollection(context, url, async (open) => {
    const { caller, collection, signal } = open;
    const destination = await openDestination(context, open, to, options);
    const states = options.only === undefined ? (['new', 'changed'] as const) : ([options.only] as const);
    if (options.yes === true && options.dryRun !== true) {
      // Who said --yes was told what it takes, or did not want to know.
      const job = { kind: 'promote', collection, to: destination, states, ...undoableOf(options) } as const;
      return await runJob(context, open, job, 'anything');
    }
    const comparing = caller.call('promote:compare', { collection, to: destination }, signal);
    const comparison = await orStopped(comparing, signal, 'Nothing was written.');
    if (context.options.json === true) await context.terminal.write(`${JSON.stringify(comparison)}\n`);
    else await context.terminal.write(comparisonText(comparison));
    if (options.dryRun === true) return 0;
    const count = states.reduce((sum, state) => sum + comparison.counts[state], 0);
    if (count === 0) return 0;
    const sizes = sumOfSizes(states.flatMap((state) => comparison.promoted[state].sizes));
    const planned = {
      collection,
      kind: 'promote',
      records: count,
      of: { of: 'sizes', sizes },
      to: destination,
      replaces: states.reduce((sum, state) => sum + comparison.promoted[state].replaced, 0),
      ...undoableOf(options),
    } as const;
    const plan = await caller.call('jobs:plan', planned, signal);
    const takes = plan === null ? '' : ` It takes ${workText(plan)}.${keptText(plan)}`;
    throw new UsageError(
      `This would write ${count.toLocaleString('en-US')} of them to ${to}.${takes} Add --yes to do it.`,
    );
  });
}

/** Names that are shown; with --json there are more. */
const SHOWN = 50;
const MARKS: Readonly<Record<ComparedState, string>> = { new: '+', changed: '~', 'only-there': '-', same: ' ' };

function comparisonText({ counts, differing }: Comparison): string {
  const shown = differing.slice(0, SHOWN).map(lineOf).join('');
  const left = counts.new + counts.changed + counts['only-there'] - Math.min(differing.length, SHOWN);
  const more = left === 0 ? '' : `… and ${left.toLocaleString('en-US')} more\n`;
  const words = (['new', 'changed', 'same'] as const).map(
    (state) => `${counts[state].toLocaleString('en-US')} ${state}`,
  );
  return `${shown}${more}${[...words, `${counts['only-there'].toLocaleString('en-US')} only there`].join(', ')}.\n`;
}

function lineOf({ name, state }: ComparedRecord): string {
  return `${MARKS[state]} ${visibleText(name)}\n`;
}
