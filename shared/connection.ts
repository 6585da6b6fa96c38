import type { KnownServerName } from './known-servers.ts';
import type { Budget } from './plan.ts';

export type ConnectionKind = 'aws' | 'localstack' | 'minio' | 'custom' | 'sandbox';

export type Environment = 'development' | 'test' | 'production';

/** Where the credentials come from; the secret itself is never part of a connection. */
export type CredentialSource =
  /**
   * AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN: of the command where one asks, for the page of the
   * process that owns the data folder. Where they are not set, the role that variables or the machine give.
   */
  | { readonly source: 'environment' }
  /** An access key typed in; its secret is kept by the shell's secret store (keychain, or memory only). */
  | { readonly source: 'keys'; readonly accessKeyId: string }
  /** A profile of `~/.aws/config` and `~/.aws/credentials` (shared/aws-profile.ts), read when credentials are needed. */
  | { readonly source: 'profile'; readonly profile: string }
  /** None: requests are not signed. For buckets that anybody may read. */
  | { readonly source: 'anonymous' }
  /** The key pair that the sandbox of this data folder made for itself. */
  | { readonly source: 'sandbox' };

/** One S3 endpoint with the source of its credentials. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly kind: ConnectionKind;
  /** URL of the server; null for AWS (made from the region) and for the sandbox (known once it runs). */
  readonly endpoint: string | null;
  readonly region: string;
  /** `https://host/bucket/key` rather than `https://bucket.host/key`. */
  readonly pathStyle: boolean;
  readonly credentials: CredentialSource;
  readonly environment: Environment;
  readonly readOnly: boolean;
  /** Most requests at once; null leaves it to the engine. */
  readonly maxWorkers: number | null;
  /** Connections with the same one stand together; left out: in none. */
  readonly group?: string;
  /** What a run may come to unasked; left out: anything but many tags. */
  readonly budget?: Budget;
  /** Left out: as this computer reaches every other server. */
  readonly network?: ConnectionNetwork;
  /** Whoever asks pays, in buckets of others that are set up so; left out: no. */
  readonly requesterPays?: boolean;
  /** Of `kind` aws; left out: the usual address of the region. */
  readonly amazon?: AmazonEndpoint;
  /** What its test recognised by its answers (`kind` custom); left out: nothing. */
  readonly server?: KnownServerName;
}

/** Other addresses of Amazon's own service. */
export interface AmazonEndpoint {
  /** Objects go by the edge that is nearest, in buckets that were set up so. Not together with `fips`. */
  readonly accelerate: boolean;
  /** Over IPv6 too. */
  readonly dualStack: boolean;
  /** With cryptography that US authorities have validated. */
  readonly fips: boolean;
}

/** How one server is reached, where that is another way than usual. */
export interface ConnectionNetwork {
  /**
   * `system`: the one that HTTP_PROXY and HTTPS_PROXY name, but for the hosts of NO_PROXY. `none`. Or the address of one,
   * `http://host:port`, without user name and password: this file is no place for secrets.
   */
  readonly proxy: string;
  /**
   * The certificate of an authority that is trusted besides the usual ones, as PEM text. The command line may name a file
   * in its place, which is read once, when the connection is saved; a page may not.
   */
  readonly certificateAuthority: string | null;
  /** Bodies of 1 MiB and more are not hashed for the signature where TLS guards them anyhow. */
  readonly unsignedBodies: boolean;
}
