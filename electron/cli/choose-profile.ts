import { resolve } from 'node:path';
import type { ProfileTarget } from '../../shared/contract.ts';
import type { GlobalOptions } from './global-options.ts';
import { chosenEndpoint, serverWays } from './server-ways.ts';

/** A server by a profile: what options and variables of the command say goes before what the profile says. */
export function profileTarget(
  profile: string,
  options: GlobalOptions,
  environment: Readonly<Record<string, string | undefined>>,
): ProfileTarget {
  const endpoint = chosenEndpoint(options, environment);
  return {
    profile,
    files: {
      config: namedFile(environment['AWS_CONFIG_FILE']),
      credentials: namedFile(environment['AWS_SHARED_CREDENTIALS_FILE']),
    },
    endpoint,
    region: options.region ?? (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || null),
    pathStyle: options.pathStyle ?? null,
    ...serverWays(options, endpoint),
  };
}

/** Who reads it may be in another folder. */
function namedFile(path: string | undefined): string | null {
  if (!path) return null;
  return path.startsWith('~') ? path : resolve(path);
}
