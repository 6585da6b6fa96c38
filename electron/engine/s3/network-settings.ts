import { AppFailure } from '../../../shared/result.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './pools.ts';
import { readProxySettings, type ProxySettings, type SystemProxy } from './proxy.ts';

/** How this computer reaches servers, the same for all connections. */
export interface NetworkSettings {
  readonly proxies: ProxySettings;
  readonly timeouts: Timeouts;
}

/**
 * From HTTP_PROXY, HTTPS_PROXY, NO_PROXY, and DIPPER_TIMEOUT: seconds that a server may be silent. Throws
 * `invalid-arguments`. `system`: where the shell can tell what the computer's own settings say.
 */
export function readNetworkSettings(
  environment: Readonly<Record<string, string | undefined>>,
  system?: SystemProxy,
): NetworkSettings {
  const proxies = readProxySettings(environment);
  return {
    proxies: system === undefined ? proxies : { ...proxies, system },
    timeouts: readTimeouts(environment['DIPPER_TIMEOUT']),
  };
}

function readTimeouts(text: string | undefined): Timeouts {
  if (!text) return DEFAULT_TIMEOUTS;
  const milliseconds = /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : 0;
  if (milliseconds === 0) {
    throw new AppFailure(
      'invalid-arguments',
      `DIPPER_TIMEOUT is "${text}", which is no number of seconds. Set it to one above 0, such as 60, or leave it out.`,
    );
  }
  return { connect: milliseconds, headers: milliseconds, body: milliseconds };
}
