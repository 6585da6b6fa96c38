import { AppFailure } from '../../../shared/result.ts';
import type { S3Target } from './s3-client.ts';
import { encodeKey } from './uri-encoding.ts';

/** Where one request goes. */
export interface Address {
  /** Scheme, host and port: what sockets are pooled by. */
  readonly origin: string;
  readonly host: string;
  /** Encoded, without the query. */
  readonly path: string;
}

export interface Addressing {
  /** Scheme, host and port of the connection itself, for messages. */
  readonly endpoint: string;
  locate(bucket: string | null, key: string | null): Address;
}

type AddressedTarget = Pick<S3Target, 'endpoint' | 'region' | 'pathStyle' | 'name' | 'amazon'>;

/** Throws `invalid-arguments` where the endpoint is no base URL. */
export function createAddressing(target: AddressedTarget): Addressing {
  const base = baseUrl(target);
  const mayBeHostName = !target.pathStyle && hasSubdomains(base.hostname);

  return {
    endpoint: base.origin,
    locate(bucket, key) {
      const keyPath = key === null ? '' : encodeKey(key);
      if (bucket === null) return { origin: base.origin, host: base.host, path: '/' };
      const amazon = target.endpoint === null ? amazonHost(target, bucket, key) : null;
      if (amazon !== null) return { origin: `https://${amazon}`, host: amazon, path: `/${keyPath}` };
      if (mayBeHostName && isHostLabel(bucket)) {
        const host = `${bucket}.${base.host}`;
        return { origin: `${base.protocol}//${host}`, host, path: `/${keyPath}` };
      }
      return {
        origin: base.origin,
        host: base.host,
        path: key === null ? `/${encodeKey(bucket)}` : `/${encodeKey(bucket)}/${keyPath}`,
      };
    },
  };
}

/** `arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME`, also with a colon before the name. */
const ACCESS_POINT = /^arn:aws[a-z-]*:s3:([a-z0-9-]+):(\d{12}):accesspoint[:/]([a-z0-9-]+)$/;

/** The region that is part of the name of an access point; null for a bucket. */
export function regionOfAccessPoint(bucket: string): string | null {
  return ACCESS_POINT.exec(bucket)?.[1] ?? null;
}

/** Names of hosts as Amazon gives them out: "Amazon S3 endpoints and quotas", "Access point ARNs", "Transfer Acceleration". */
function amazonHost({ amazon }: AddressedTarget, bucket: string, key: string | null): string | null {
  const [, region = '', account = '', name = ''] = ACCESS_POINT.exec(bucket) ?? [];
  if (name !== '') return `${name}-${account}.${regionalHost('s3-accesspoint', region, amazon)}`;
  if (amazon?.accelerate !== true || key === null || !isHostLabel(bucket)) return null;
  return `${bucket}.s3-accelerate${amazon.dualStack ? '.dualstack' : ''}.amazonaws.com`;
}

function regionalHost(service: string, region: string, amazon: AddressedTarget['amazon']): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const fips = amazon?.fips === true ? '-fips' : '';
  return `${service}${fips}${amazon?.dualStack === true ? '.dualstack' : ''}.${region}.${domain}`;
}

function baseUrl(target: AddressedTarget): URL {
  if (target.endpoint === null) {
    return parseBase(`https://${regionalHost('s3', target.region, target.amazon)}`, target.name);
  }
  return parseBase(target.endpoint, target.name);
}

function parseBase(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new AppFailure(
      'invalid-arguments',
      `The endpoint "${text}" of connection "${name}" is no http or https address. Write it like http://127.0.0.1:9000.`,
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new AppFailure(
      'invalid-arguments',
      `The endpoint of connection "${name}" holds more than scheme, host and port. Leave out everything after ${url.host}.`,
    );
  }
  return url;
}

/** Not addresses, and not names of one label: nothing resolves `bucket.localhost` or `bucket.minio`. */
function hasSubdomains(hostname: string): boolean {
  return hostname.includes('.') && !/^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}

/** No dots: a wildcard certificate covers one label, so AWS itself asks for path style there. */
function isHostLabel(bucket: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket);
}
