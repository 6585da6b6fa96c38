import type { Command } from 'commander';
import { chooseTarget } from './global-options.ts';
import { parseS3Url } from './s3-url.ts';
import { targetQuestions, type CommandContext, type OpenCollection } from './session.ts';

/** Where a copy goes, where that is another server. */
export interface DestinationOptions {
  readonly toConnection?: string;
  readonly toProfile?: string;
  readonly toEndpoint?: string;
  readonly toRegion?: string;
  readonly toPathStyle?: boolean;
}

export const DESTINATION_ARGUMENT = ['<to>', 's3://bucket/prefix/, where the records go'] as const;

export function addDestinationOptions(command: Command): Command {
  return command
    .option('--to-connection <connection>', 'connection of the destination; without it that of the source')
    .option('--to-profile <profile>', 'profile of the destination; without it that of the source')
    .option('--to-endpoint <url>', 'server of the destination, with the same keys')
    .option('--to-region <region>', 'with --to-endpoint: its region')
    .option('--to-path-style', 'with --to-endpoint: https://host/bucket/key');
}

/** Opens the collection that the records go to, read as those of the source are: they are copied as they are. */
export async function openDestination(
  { terminal, messages, options }: CommandContext,
  open: OpenCollection,
  url: string,
  { toConnection, toProfile, toEndpoint, toRegion, toPathStyle }: DestinationOptions,
): Promise<string> {
  const { caller, signal, codec } = open;
  const { bucket, prefix } = parseS3Url(url);
  const isElsewhere = toConnection !== undefined || toProfile !== undefined || toEndpoint !== undefined;
  const profile = toProfile ?? (toEndpoint === undefined ? undefined : options.profile);
  const there = {
    ...(toConnection === undefined ? {} : { connection: toConnection }),
    ...(profile === undefined ? {} : { profile }),
    ...(toEndpoint === undefined ? {} : { endpoint: toEndpoint }),
    ...(toRegion === undefined ? {} : { region: toRegion }),
    ...(toPathStyle === undefined ? {} : { pathStyle: toPathStyle }),
  };
  const target = await chooseTarget(isElsewhere ? there : options, terminal.environment, targetQuestions(open));
  const opened = await caller.call('collections:open-url', { bucket, prefix, codec, target }, signal);
  for (const note of opened.notes) messages.note(note);
  return opened.collection;
}
