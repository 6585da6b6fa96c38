import type { ServerWays } from '../../shared/contract.ts';
import type { GlobalOptions } from './global-options.ts';
import { UsageError } from './usage-error.ts';

/** The server that an option names, else a variable; null for AWS. */
export function chosenEndpoint(
  { endpoint }: Pick<GlobalOptions, 'endpoint'>,
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  return endpoint ?? (environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'] || null);
}

/** How a server is reached and asked, as options say. Throws UsageError for Amazon's own addresses of another server. */
export function serverWays(
  { accelerate = false, dualStack = false, fips = false, requesterPays = false }: GlobalOptions,
  endpoint: string | null,
): ServerWays {
  const isOther = accelerate || dualStack || fips;
  if (isOther && endpoint !== null) {
    throw new UsageError(
      `--accelerate, --dual-stack and --fips are addresses of AWS, and the server is ${endpoint}. Leave them out.`,
    );
  }
  if (accelerate && fips) throw new UsageError('Amazon has no acceleration with FIPS. Leave one out.');
  return {
    ...(requesterPays ? { requesterPays } : {}),
    ...(isOther ? { amazon: { accelerate, dualStack, fips } } : {}),
  };
}
