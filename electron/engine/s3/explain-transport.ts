import type { ErrorCode } from '../../../shared/result.ts';
import type { ProxyFailure } from './proxy.ts';
import { connectionOf, isUnnamed, placeOf, what, type Proxy, type RequestContext } from './request-context.ts';

/** A failure's code and words, and whether trying again can help by itself. */
export type Explanation = readonly [code: ErrorCode, message: string, retryable?: boolean];

export function explainProxy(context: RequestContext, failure: ProxyFailure): Explanation {
  const { proxy, status, cause } = failure;
  if (status !== null) return refusedByProxy(proxy, status, context.endpoint);
  return [
    'proxy-unreachable',
    `${context.endpoint} is reached through the proxy ${proxy.address}, which ${proxy.variable ?? owner(proxy)} names, and ${proxyProblem(errorCode(cause))}. ${otherWay(proxy, context.endpoint)}`,
    true,
  ];
}

function proxyProblem(code: string): string {
  const certificate = certificateProblem(code);
  if (certificate !== null) return `its certificate ${certificate}`;
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing is listening there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'that name has no address';
    case 'CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'it does not answer';
    default:
      return 'the connection to it broke';
  }
}

export function refusedByProxy(proxy: Proxy, status: number, endpoint: string): Explanation {
  const name = `The proxy ${proxy.address} (${proxy.variable ?? `of ${owner(proxy)}`})`;
  const { host } = new URL(proxy.address);
  if (status === 407) {
    if (proxy.ofSystem === true) {
      return [
        'proxy-refused',
        `${name} asks for a user name and a password, which Dipper does not take from the system. Set HTTPS_PROXY and HTTP_PROXY to http://USER:PASSWORD@${host}, and start Dipper again.`,
      ];
    }
    if (proxy.variable === null) {
      return [
        'proxy-refused',
        `${name} asks for a user name and a password, which a connection does not keep. Set HTTPS_PROXY and HTTP_PROXY to http://USER:PASSWORD@${host}, choose the proxy of the system in the settings of the connection, and start Dipper again.`,
      ];
    }
    return [
      'proxy-refused',
      proxy.hasPassword
        ? `${name} refuses the user name and password that ${proxy.variable} holds. Correct them there, and start Dipper again.`
        : `${name} asks for a user name and a password. Set ${proxy.variable} to http://USER:PASSWORD@${host}, and start Dipper again.`,
    ];
  }
  const did =
    status >= 500 ? `could not reach ${endpoint}: it answered ${status}` : `answered ${status} in place of ${endpoint}`;
  return ['proxy-refused', `${name} ${did}. Ask who runs the proxy. ${otherWay(proxy, endpoint)}`, status >= 500];
}

function owner({ ofSystem }: Proxy): string {
  return ofSystem === true ? 'the system' : 'the connection';
}

function otherWay({ variable, ofSystem }: Proxy, endpoint: string): string {
  if (ofSystem === true) return 'To reach the server without it, choose no proxy in the settings of the connection.';
  if (variable === null) return 'Correct or remove it in the settings of the connection.';
  return `To reach the server without it, add ${new URL(endpoint).hostname} to NO_PROXY; to use another one, change ${variable}; then start Dipper again.`;
}

export function explainTransport(context: RequestContext, code: string, sent: boolean): Explanation {
  const at = placeOf(context);
  const certificate = certificateProblem(code);
  if (certificate !== null) {
    const trust = isUnnamed(context)
      ? 'start Dipper as NODE_EXTRA_CA_CERTS=FILE dipper serve'
      : 'name its certificate in the settings of the connection';
    return [
      'certificate-refused',
      `The certificate of ${at} ${certificate}. Correct the endpoint or the server's certificate; to trust an authority of your own, ${trust}.`,
    ];
  }
  switch (code) {
    case 'ECONNREFUSED':
      return [
        'connection-refused',
        `Nothing is listening at ${at}. Start the server, or correct the endpoint of the connection.`,
        true,
      ];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        'host-not-found',
        `The name in ${at} has no address. Check the endpoint for a typing mistake, and that this computer is on its network or VPN.`,
        code === 'EAI_AGAIN',
      ];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return ['connection-refused', `There is no way through the network to ${at}. Check the network.`, true];
    case 'CONNECT_TIMEOUT':
      return ['timed-out', `${at} does not answer. Check the endpoint, the network and a firewall in between.`, true];
    case 'HEADERS_TIMEOUT':
    case 'BODY_TIMEOUT':
    case 'ETIMEDOUT':
      if (!sent) return explainTransport(context, 'CONNECT_TIMEOUT', sent);
      return [
        'timed-out',
        `${at} stopped answering during: ${what(context)}. Try again; for a slow server start Dipper with DIPPER_TIMEOUT=60 (seconds).`,
        true,
      ];
    case 'CLOSED':
      return ['aborted', `Stopped, because ${connectionOf(context)} was closed: ${what(context)}.`];
    case 'NOT_HTTP':
      return ['not-s3', `${at} does not answer with HTTP. If it expects TLS, write the endpoint with https://.`];
    case 'UNSENDABLE':
      return [
        'invalid-arguments',
        `The request for ${what(context)} holds what HTTP cannot carry. Remove line breaks and control characters from what it says of the object.`,
      ];
    default:
      if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
        return ['not-s3', `${at} does not answer with TLS. If it has none, write the endpoint with http://.`];
      }
      return ['connection-lost', `The connection to ${at} broke during: ${what(context)}. Try again.`, true];
  }
}

/** The code of the error or of what caused it; empty where there is none. */
export function errorCode(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    // Every address of a name was tried (localhost: ::1 and 127.0.0.1).
    if (current instanceof AggregateError && current.errors.length > 0) return errorCode(current.errors[0]);
  }
  return '';
}

function certificateProblem(code: string): string | null {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'is signed by itself and not trusted by this computer';
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_UNTRUSTED':
      return 'is signed by an authority that this computer does not know';
    case 'CERT_HAS_EXPIRED':
      return 'has expired';
    case 'CERT_NOT_YET_VALID':
      return 'is not valid yet';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return 'is for another host name';
    default:
      return code.startsWith('CERT_') ? 'is not valid' : null;
  }
}
