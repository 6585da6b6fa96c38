/** Profiles of the files that Amazon's own tools are set up with, and what a person does to use one. No secrets. */

export interface AwsProfiles {
  readonly files: ProfileFilePaths;
  /** In the order of the files. */
  readonly profiles: readonly AwsProfile[];
  /** Sentences about files that are there and cannot be read. */
  readonly problems: readonly string[];
}

/** Absolute paths, whether anything is there or not. */
export interface ProfileFilePaths {
  readonly config: string;
  readonly credentials: string;
}

/** AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE: absolute, or from the home folder on (`~`); null where not set. */
export interface NamedProfileFiles {
  readonly config: string | null;
  readonly credentials: string | null;
}

/**
 * `keys`: written in the files, lasting or (with a session token) of a session. `sso`: of a person who signs in. `role`:
 * taken with the credentials of another source. `process`: what a program prints. `web-identity`: a role, for a token in
 * a file. `machine`: of the container or instance that Dipper runs in, or of its variables.
 */
export type AwsProfileKind = 'keys' | 'sso' | 'role' | 'process' | 'web-identity' | 'machine' | 'broken';

export interface AwsProfile {
  readonly name: string;
  readonly kind: AwsProfileKind;
  /** What it is, as the end of a sentence about it, such as `assumes deploy of 123456789012 from base`. */
  readonly description: string;
  /** What makes it `broken`, and what to do; null otherwise. */
  readonly problem: string | null;
  /** What a person has to do before it gives credentials; null for nothing, now. */
  readonly signIn: SignInKind | null;
  /** Null where neither the profile nor a variable names one. */
  readonly region: string | null;
  /** Of S3, where the profile or a variable names one; null is Amazon's. */
  readonly endpoint: string | null;
  /** `path` or `virtual` of `addressing_style` below `s3`; null where it leaves that open. */
  readonly pathStyle: boolean | null;
}

/** `browser`: single sign-on. `code`: the one that a device for multi-factor authentication shows. */
export type SignInKind = 'browser' | 'code';

/** What comes next. A chain of roles can ask for more than one thing. */
export type SignInStep =
  | { readonly step: 'done' }
  | {
      readonly step: 'browser';
      /** Of the page where a person confirms that it is this computer that asks; `http:` or `https:`. */
      readonly address: string;
      /** What that page shows, to compare. */
      readonly code: string;
      /** Milliseconds since 1970: afterwards it has to begin anew. */
      readonly expiresAt: number;
    }
  | {
      readonly step: 'code';
      /** The profile that asks for it, which may be one further down the chain. */
      readonly profile: string;
      /** Serial number or ARN of the device. */
      readonly device: string;
    };
