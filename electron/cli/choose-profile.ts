import { resolve } from 'node:path';
import type { ProfileTarget } from '../../shared/contract.ts';
import type { GlobalOptions } from './global-options.ts';

/** A server by a profile: what options and variables of the command say goes before what the profile says. */
export function profileTarget(
  profile: string,
  options: Pick<GlobalOptions, 'endpoint' | 'region' | 'pathStyle'>,
  environment: Readonly<Record<string, string | undefined>>,
): ProfileTarget {
  return {
    profile,
    files: {
      config: namedFile(environment['AWS_CONFIG_FILE']),
      credentials: namedFile(environment['AWS_SHARED_CREDENTIALS_FILE']),
    },
    endpoint: options.endpoint ?? (environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'] || null),
    region: options.region ?? (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || null),
    pathStyle: options.pathStyle ?? null,
  };
}

/** Who reads it may be in another folder. */
function namedFile(path: string | undefined): string | null {
  if (!path) return null;
  return path.startsWith('~') ? path : resolve(path);
}
