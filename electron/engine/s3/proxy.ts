import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { BlockList, isIP, Socket } from 'node:net';
import { AppFailure } from '../../../shared/result.ts';
import { createOpener, type ConnectOptions, type OpenSocket } from './http/open-socket.ts';
import type { Proxy } from './request-context.ts';

/** Which proxies the environment, or a connection, names. Their addresses may hold a password: they are never shown or logged. */
export interface ProxySettings {
  /** For `http:` and `https:` servers. */
  readonly http: NamedProxy | null;
  readonly https: NamedProxy | null;
  /** Hosts that are reached without one, as NO_PROXY has them: `*`, `name`, `.suffix`, `name:port`, an address, a CIDR block. */
  readonly except: readonly string[];
  /** Asked where no variable names a proxy; left out: nobody is, as in plain Node. */
  readonly system?: SystemProxy;
}

/** What the settings of this computer, PAC scripts included, say of an origin: `PROXY host:port; DIRECT`. */
export type SystemProxy = (origin: string) => Promise<string>;

interface NamedProxy {
  /** Null where the connection itself or the system names it. */
  readonly variable: string | null;
  readonly ofSystem?: boolean;
  readonly url: string;
}

export const NO_PROXIES: ProxySettings = { http: null, https: null, except: [] };

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in lower case too, which goes first as it does with curl. */
export function readProxySettings(environment: Readonly<Record<string, string | undefined>>): ProxySettings {
  const named = (...variables: readonly string[]): NamedProxy | null => {
    const variable = variables.find((name) => environment[name]);
    return variable === undefined ? null : { variable, url: environment[variable] ?? '' };
  };
  const except = environment['no_proxy'] || environment['NO_PROXY'] || '';
  return {
    http: named('http_proxy', 'HTTP_PROXY'),
    https: named('https_proxy', 'HTTPS_PROXY'),
    except: except.split(/[\s,]+/).filter((host) => host !== ''),
  };
}

/** `choice`: what a connection says of its proxy (`ConnectionNetwork.proxy`). */
export function chooseProxies(choice: string, environment: ProxySettings): ProxySettings {
  if (choice === 'system') return environment;
  if (choice === 'none') return NO_PROXIES;
  const named = { variable: null, url: choice };
  return { http: named, https: named, except: [] };
}

/** A proxy, and what it must be told to let one through. */
export interface ChosenProxy {
  /** What may be shown of it. */
  readonly proxy: Proxy;
  readonly url: URL;
  readonly authorization: string | null;
}

/**
 * The proxy on the way to `origin`, or null. This machine's own servers are never asked for through one. Throws
 * `proxy-refused` where the environment names something else than an HTTP proxy.
 */
export function proxyFor(settings: ProxySettings, origin: string): ChosenProxy | null {
  const { protocol, hostname, port: writtenPort } = new URL(origin);
  const port = writtenPort || (protocol === 'https:' ? '443' : '80');
  const named = protocol === 'https:' ? settings.https : settings.http;
  if (named === null || isOwnMachine(hostname) || settings.except.some((host) => covers(host, hostname, port))) {
    return null;
  }
  return chosenProxy(named, hostname);
}

/**
 * The same with the settings of the system, which are asked where no variable names a proxy at all: a promise where they
 * have to be. Throws `proxy-refused`.
 */
export function findProxy(settings: ProxySettings, origin: string): ChosenProxy | null | Promise<ChosenProxy | null> {
  const { system, http, https, except } = settings;
  if (system === undefined || http !== null || https !== null) return proxyFor(settings, origin);
  const { hostname, protocol, port } = new URL(origin);
  const usual = protocol === 'https:' ? '443' : '80';
  if (isOwnMachine(hostname) || except.some((host) => covers(host, hostname, port || usual))) return null;
  return system(origin).then((answer) => systemProxy(answer, hostname));
}

/** The first entry counts that can be gone by: `DIRECT`, `PROXY host:port`, `HTTPS host:port`. */
function systemProxy(answer: string, hostname: string): ChosenProxy | null {
  const entries = answer.split(';').map((entry) => entry.trim().split(/\s+/));
  for (const [kind = '', place = ''] of entries) {
    if (kind === 'DIRECT' || kind === '') return null;
    if (kind === 'PROXY' || kind === 'HTTP') return systemNamed(`http://${place}`, hostname);
    if (kind === 'HTTPS') return systemNamed(`https://${place}`, hostname);
  }
  throw new AppFailure(
    'proxy-refused',
    `The settings of this computer name a proxy of another kind than HTTP on the way to ${hostname} (${answer}). Set HTTPS_PROXY to an HTTP proxy and start Dipper again, or choose another way in the settings of the connection.`,
  );
}

function systemNamed(url: string, hostname: string): ChosenProxy {
  return chosenProxy({ variable: null, ofSystem: true, url }, hostname);
}

function chosenProxy(named: NamedProxy, hostname: string): ChosenProxy {
  // `proxy.example:3128` alone is what many write.
  const text = named.url.includes('://') ? named.url : `http://${named.url}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new AppFailure(
      'proxy-refused',
      named.variable === null
        ? `The connection names ${named.url}, which is no HTTP proxy. Write it like http://HOST:PORT in its settings.`
        : `${named.variable} names no HTTP proxy. Set it to http://HOST:PORT, or add ${hostname} to NO_PROXY; then start Dipper again.`,
    );
  }
  const hasPassword = url.username !== '' || url.password !== '';
  const login = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    proxy: {
      address: `${url.protocol}//${url.host}`,
      variable: named.variable,
      hasPassword,
      ...(named.ofSystem === true ? { ofSystem: true } : {}),
    },
    url,
    authorization: hasPassword ? `Basic ${Buffer.from(login).toString('base64')}` : null,
  };
}

/** A password is often written as it is, and a `%` in it is no escape then. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** With virtual-host addresses a bucket stands before `localhost`; RFC 6761 keeps all of it for this machine. */
function isOwnMachine(hostname: string): boolean {
  return /^(.+\.)?localhost$/.test(hostname) || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function covers(exception: string, hostname: string, port: string): boolean {
  if (exception === '*') return true;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return coversAddress(exception, address, port);
  const [, name = '', exceptPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(exception.toLowerCase()) ?? [];
  if (exceptPort !== undefined && exceptPort !== port) return false;
  return hostname === name || hostname.endsWith(`.${name}`);
}

/** `10.1.2.3`, `10.1.2.3:9000`, `10.0.0.0/8`, `fd00::7`, `[fd00::7]:9000`, `fd00::/8`. */
function coversAddress(exception: string, address: string, port: string): boolean {
  const [, bracketed, plain, exceptPort] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(exception) ?? [];
  if (exceptPort !== undefined && exceptPort !== port) return false;
  const [network = '', bits] = (bracketed ?? plain ?? exception).split('/');
  const version = isIP(network);
  const length = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? length : Number(bits);
  if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > length) return false;
  const block = new BlockList();
  block.addSubnet(network, prefix, version === 6 ? 'ipv6' : 'ipv4');
  return block.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** The proxy could not be reached (`status` is null and `cause` says why), or would not let the request through. */
export class ProxyFailure extends Error {
  readonly proxy: Proxy;
  readonly status: number | null;

  constructor(proxy: Proxy, status: number | null, cause?: unknown) {
    super('proxy', { cause });
    this.proxy = proxy;
    this.status = status;
  }
}

/** Opens sockets to the proxy itself: it is asked for whole addresses of plain HTTP servers. */
export function connectToProxy({ proxy, url }: ChosenProxy, options: ConnectOptions): OpenSocket {
  const connect = createOpener(url.origin, options);
  return (opened) => {
    connect((...[error, connected]) => {
      if (error === null) opened(null, connected);
      else opened(new ProxyFailure(proxy, null, error), null);
    });
  };
}

/** Opens sockets to a TLS server through a tunnel: the proxy sees host and port, no more. */
export function connectThroughProxy(chosen: ChosenProxy, origin: string, options: ConnectOptions): OpenSocket {
  const { proxy, url, authorization } = chosen;
  const { hostname, port } = new URL(origin);
  const authority = `${hostname}:${port || '443'}`;
  const secure = createOpener(origin, options);
  return (opened) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = {
      host: authority,
      ...(authorization === null ? {} : { 'proxy-authorization': authorization }),
    };
    const asked = send(url.origin, { ...options, method: 'CONNECT', path: authority, headers, agent: false });
    const fail = (status: number | null, cause?: unknown): void => {
      asked.destroy();
      opened(new ProxyFailure(proxy, status, cause), null);
    };
    asked.once('connect', ({ statusCode = 0 }, tunnel: Duplex) => {
      asked.removeAllListeners('timeout');
      // What the tunnel comes to is told by its socket; the end of `signal` is told here once more.
      asked.removeAllListeners('error').on('error', () => undefined);
      if (statusCode === 200 && (tunnel instanceof Socket || tunnel instanceof TLSSocket)) {
        secure(opened, tunnel);
        return;
      }
      tunnel.destroy();
      fail(statusCode);
    });
    asked.once('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    asked.once('error', (error) => fail(null, error));
    asked.end();
  };
}
