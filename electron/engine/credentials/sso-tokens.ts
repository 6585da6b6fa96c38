import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDurably } from '../../files/durable-file.ts';
import { homeOf, type Variables } from './profile-files.ts';
import type { SsoSession } from './profile-plan.ts';

/**
 * A token as Amazon's command line keeps it, in `~/.aws/sso/cache`: who has signed in there is signed in here, and the
 * other way round. Times are ISO 8601.
 */
export interface SsoToken {
  readonly startUrl: string;
  readonly region: string;
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly registrationExpiresAt?: string;
  readonly refreshToken?: string;
}

export interface SsoTokens {
  /** Null where there is none, or none that can be read. */
  read(session: SsoSession): Promise<SsoToken | null>;
  /** Mode 0600. */
  write(session: SsoSession, token: SsoToken): Promise<void>;
}

/** A token that ends sooner is renewed, as Amazon's tools do it. */
const RENEWED_BEFORE = 5 * 60_000;

export function createSsoTokens(environment: Variables): SsoTokens {
  const pathFor = ({ id }: SsoSession): string =>
    join(homeOf(environment), '.aws/sso/cache', `${createHash('sha1').update(id).digest('hex')}.json`);
  return {
    read: async (session) => {
      let text: string;
      try {
        text = await readFile(pathFor(session), 'utf8');
      } catch {
        // None yet, or none for this user: signing in makes one.
        return null;
      }
      return tokenOf(text);
    },
    write: async (session, token) => {
      const path = pathFor(session);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeDurably(path, JSON.stringify(token, null, 2));
    },
  };
}

/** Milliseconds that a token can still be used for; not above zero where it has ended. */
export function timeLeft(token: SsoToken, now: number): number {
  return Date.parse(token.expiresAt) - now;
}

export function endsSoon(token: SsoToken, now: number): boolean {
  return timeLeft(token, now) <= RENEWED_BEFORE;
}

/** Whether its session gives another one without a person. */
export function isRenewable(token: SsoToken, now: number): boolean {
  const { clientId, clientSecret, refreshToken, registrationExpiresAt } = token;
  if (clientId === undefined || clientSecret === undefined || refreshToken === undefined) return false;
  return registrationExpiresAt === undefined || Date.parse(registrationExpiresAt) > now;
}

/** As the command line writes it: to the second. */
export function timeText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function tokenOf(text: string): SsoToken | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof content !== 'object' || content === null) return null;
  const found = new Map<string, unknown>(Object.entries(content));
  const textOf = (name: string): string | undefined => {
    const value = found.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const accessToken = textOf('accessToken');
  // Older versions of the command line wrote `2020-06-17T10:02:08UTC`.
  const expiresAt = textOf('expiresAt')?.replace(/UTC$/, 'Z');
  if (accessToken === undefined || expiresAt === undefined || Number.isNaN(Date.parse(expiresAt))) return null;
  const optional = (['clientId', 'clientSecret', 'registrationExpiresAt', 'refreshToken'] as const).flatMap((name) => {
    const value = textOf(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    startUrl: textOf('startUrl') ?? '',
    region: textOf('region') ?? '',
    accessToken,
    expiresAt,
    ...Object.fromEntries(optional),
  };
}
