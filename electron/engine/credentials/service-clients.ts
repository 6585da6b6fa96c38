import { Readable } from 'node:stream';
import type { SSOClient } from '@aws-sdk/client-sso';
import type { SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import type { STSClient } from '@aws-sdk/client-sts';
import type { NetworkSettings } from '../s3/network-settings.ts';
import { oneLineEach } from '../s3/object-headers.ts';
import { createPools } from '../s3/pools.ts';
import type { Credentials } from '../s3/s3-client.ts';
import { send, SendFailure, startTrace } from '../s3/send.ts';
import type { ProfileFiles, Section, Variables } from './profile-files.ts';

/** Services that give credentials, and S3, by the names that settings and variables have for them. */
export type Service = 'sts' | 'sso' | 'sso_oidc' | 's3';

/** Clients of Amazon's own SDK, loaded when first needed: few starts of Dipper need one. */
export interface ServiceClients {
  sts(region: string, endpoint: string | null, credentials: Credentials | null): Promise<STSClient>;
  sso(region: string, endpoint: string | null): Promise<SSOClient>;
  ssoOidc(region: string, endpoint: string | null): Promise<SSOOIDCClient>;
}

/** Over the way that all requests of Dipper go: its proxies, its time-outs, its trust. */
export function createServiceClients(network: NetworkSettings): ServiceClients {
  const settings = (host: string, region: string, endpoint: string | null) => ({
    region,
    endpoint:
      endpoint ?? `https://${host}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`,
    requestHandler: requestHandler(network),
    maxAttempts: 3,
    // Without these the SDK would look for them in the variables and files of this process.
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: 'Dipper',
    authSchemePreference: [],
  });
  return {
    sts: async (region, endpoint, credentials) => {
      keepQuiet();
      const { STSClient } = await import('@aws-sdk/client-sts');
      return new STSClient({
        ...settings('sts', region, endpoint),
        ...(credentials === null ? {} : { credentials: identityOf(credentials) }),
      });
    },
    sso: async (region, endpoint) => {
      keepQuiet();
      const { SSOClient } = await import('@aws-sdk/client-sso');
      return new SSOClient(settings('portal.sso', region, endpoint));
    },
    ssoOidc: async (region, endpoint) => {
      keepQuiet();
      const { SSOOIDCClient } = await import('@aws-sdk/client-sso-oidc');
      return new SSOOIDCClient(settings('oidc', region, endpoint));
    },
  };
}

/**
 * The address of a service, in the order of Amazon's tools: a variable for it, one for all services, the profile's `services`,
 * the profile's `endpoint_url`. Null for Amazon's own.
 */
export function endpointOf(
  service: Service,
  files: ProfileFiles,
  profile: Section | null,
  environment: Variables,
): string | null {
  const isIgnored =
    environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] ?? profile?.get('ignore_configured_endpoint_urls');
  if (isIgnored?.toLowerCase() === 'true') return null;
  const services = files.services.get(profile?.get('services') ?? '');
  return (
    environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ||
    environment['AWS_ENDPOINT_URL'] ||
    (services?.get(`${service}.endpoint_url`) ?? profile?.get('endpoint_url') ?? null)
  );
}

/** What an answer holds is short: credentials, tokens, refusals. */
const LARGEST_ANSWER = 1024 * 1024;

interface ServiceRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function requestHandler({ proxies, timeouts }: NetworkSettings) {
  return {
    handle: async (request: ServiceRequest, options?: { readonly abortSignal?: unknown }) => {
      const host = request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`;
      const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
      // A socket for each: hours lie between two of them.
      const pools = createPools(1, timeouts, { proxies });
      try {
        const { pool, through } = await pools.route('interactive', `${request.protocol}//${host}`);
        const asked = {
          method: request.method === 'GET' ? ('GET' as const) : ('POST' as const),
          path: `${request.path}${queryOf(request)}`,
          headers: sentHeaders(request.headers, host),
          body: bodyOf(request.body),
        };
        const sent = await send(pool, through === null ? asked : through.address(asked), {
          signal,
          maximumBytes: LARGEST_ANSWER,
          trace: startTrace(),
          bodyTimeout: timeouts.body,
        });
        // What broke, rather than that something did: its code says whether trying again can help.
        if (sent instanceof SendFailure) throw sent.cause instanceof Error ? sent.cause : new Error(sent.reason);
        return {
          response: { statusCode: sent.status, headers: oneLineEach(sent.headers), body: Readable.from([sent.body]) },
        };
      } finally {
        await pools.close();
      }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

function queryOf({ query = {} }: ServiceRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' || value === null ? [value] : value) parameters.append(name, one ?? '');
  }
  const text = parameters.toString().replaceAll('+', '%20');
  return text === '' ? '' : `?${text}`;
}

function sentHeaders(headers: ServiceRequest['headers'], host: string): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !/^(content-length|host|expect)$/i.test(name));
  return { ...Object.fromEntries(kept), host };
}

function bodyOf(body: unknown): Uint8Array | null {
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  return body instanceof Uint8Array ? body : null;
}

function identityOf({ accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
}

/** Which Node a later version of the SDK will want is no news for who runs this one. */
function keepQuiet(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
