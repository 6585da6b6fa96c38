import { setTimeout as sleep } from 'node:timers/promises';
import type { SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import type { SignInStep } from '../../../shared/aws-profile.ts';
import { AppFailure } from '../../../shared/result.ts';
import { serviceFailure } from './service-failure.ts';
import type { SsoSession } from './profile-plan.ts';
import { endsSoon, isRenewable, timeLeft, timeText, type SsoToken, type SsoTokens } from './sso-tokens.ts';

/** Sessions of single sign-on: their tokens, renewed in time, and the way to a first one through a browser (RFC 8628). */
export interface SsoSessions {
  /** Whether a token is there, or can be had without a person. Sends nothing. */
  isSignedIn(session: SsoSession): Promise<boolean>;
  /** A token for the next minutes; null where a person has to sign in. */
  token(session: SsoSession, client: OpenOidc): Promise<SsoToken | null>;
  /** The portal does not take this token, whatever its time. */
  refuse(token: SsoToken): void;
  begin(session: SsoSession, client: OpenOidc, signal: AbortSignal): Promise<Extract<SignInStep, { step: 'browser' }>>;
  /** Resolves once the person has confirmed it in the browser and the token is kept. */
  finish(session: SsoSession, client: OpenOidc, signal: AbortSignal): Promise<void>;
}

/** Opened when it is needed. */
export type OpenOidc = () => Promise<SSOOIDCClient>;

interface Begun {
  readonly deviceCode: string;
  readonly registration: Registration;
  readonly expiresAt: number;
  /** Milliseconds between two questions, as the service has it. */
  readonly interval: number;
}

interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly registrationExpiresAt: string;
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** Where the service names none, and how much longer where it is asked too often. */
const INTERVAL = 5000;
const SHORTEST_INTERVAL = 200;

export function createSsoSessions(tokens: SsoTokens, now: () => number = Date.now): SsoSessions {
  const begun = new Map<string, Begun>();
  const renewals = new Map<string, Promise<SsoToken | null>>();
  const refused = new Set<string>();

  const known = async (session: SsoSession): Promise<SsoToken | null> => {
    const token = await tokens.read(session);
    return token === null || refused.has(token.accessToken) ? null : token;
  };

  const renew = async (session: SsoSession, token: SsoToken, client: OpenOidc): Promise<SsoToken | null> => {
    try {
      const { CreateTokenCommand } = await import('@aws-sdk/client-sso-oidc');
      const oidc = await client();
      const answer = await oidc.send(
        new CreateTokenCommand({
          clientId: token.clientId,
          clientSecret: token.clientSecret,
          grantType: 'refresh_token',
          refreshToken: token.refreshToken,
        }),
      );
      const { accessToken, expiresIn = 0, refreshToken = token.refreshToken } = answer;
      if (accessToken === undefined) return null;
      const renewed: SsoToken = {
        ...token,
        accessToken,
        expiresAt: timeText(now() + expiresIn * 1000),
        ...(refreshToken === undefined ? {} : { refreshToken }),
      };
      await tokens.write(session, renewed);
      return renewed;
    } catch (error) {
      // Another program may have renewed it at the same time, and a refresh token can be used once.
      const current = await known(session);
      if (current !== null && current.accessToken !== token.accessToken) return current;
      if (timeLeft(token, now()) > 0) return token;
      if (isEnd(error)) return null;
      throw serviceFailure(error, { what: `The session of ${session.startUrl} could not be renewed`, profile: null });
    }
  };

  return {
    isSignedIn: async (session) => {
      const token = await known(session);
      return token !== null && (timeLeft(token, now()) > 0 || isRenewable(token, now()));
    },
    token: async (session, client) => {
      const token = await known(session);
      if (token === null) return null;
      if (!endsSoon(token, now())) return token;
      if (!isRenewable(token, now())) return timeLeft(token, now()) > 0 ? token : null;
      const running = renewals.get(session.id);
      if (running !== undefined) return await running;
      const renewal = renew(session, token, client).finally(() => renewals.delete(session.id));
      renewals.set(session.id, renewal);
      return await renewal;
    },
    refuse: ({ accessToken }) => void refused.add(accessToken),
    begin: async (session, client, abortSignal) => {
      try {
        const { RegisterClientCommand, StartDeviceAuthorizationCommand } = await import('@aws-sdk/client-sso-oidc');
        const oidc = await client();
        const registered = await oidc.send(
          new RegisterClientCommand({
            clientName: 'Dipper',
            clientType: 'public',
            ...(session.scopes === null ? {} : { scopes: [...session.scopes] }),
          }),
          { abortSignal },
        );
        const { clientId = '', clientSecret = '', clientSecretExpiresAt = 0 } = registered;
        const answer = await oidc.send(
          new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl: session.startUrl }),
          { abortSignal },
        );
        const address = answer.verificationUriComplete ?? answer.verificationUri ?? '';
        const expiresAt = now() + (answer.expiresIn ?? 600) * 1000;
        begun.set(session.id, {
          deviceCode: answer.deviceCode ?? '',
          registration: { clientId, clientSecret, registrationExpiresAt: timeText(clientSecretExpiresAt * 1000) },
          expiresAt,
          interval: answer.interval === undefined ? INTERVAL : Math.max(SHORTEST_INTERVAL, answer.interval * 1000),
        });
        return { step: 'browser', address: webAddress(address, session), code: answer.userCode ?? '', expiresAt };
      } catch (error) {
        throw serviceFailure(error, { what: `Signing in at ${session.startUrl} could not begin`, profile: null });
      }
    },
    finish: async (session, client, signal) => {
      const state = begun.get(session.id);
      if (state === undefined) throw signInAgain(session);
      const { CreateTokenCommand } = await import('@aws-sdk/client-sso-oidc');
      const { clientId, clientSecret } = state.registration;
      let { interval } = state;
      for (;;) {
        try {
          const oidc = await client();
          const {
            accessToken,
            expiresIn = 0,
            refreshToken,
          } = await oidc.send(
            new CreateTokenCommand({ clientId, clientSecret, grantType: DEVICE_GRANT, deviceCode: state.deviceCode }),
            { abortSignal: signal },
          );
          if (accessToken === undefined) throw signInAgain(session);
          await tokens.write(session, {
            startUrl: session.startUrl,
            region: session.region,
            accessToken,
            expiresAt: timeText(now() + expiresIn * 1000),
            ...state.registration,
            ...(refreshToken === undefined ? {} : { refreshToken }),
          });
          begun.delete(session.id);
          return;
        } catch (error) {
          signal.throwIfAborted();
          const name = error instanceof Error ? error.name : '';
          if (name === 'SlowDownException') interval += INTERVAL;
          else if (name !== 'AuthorizationPendingException') {
            // Another window, or the command line, may have been told first.
            if (await isNowSignedIn(session)) return;
            throw finishFailure(error, session);
          }
        }
        if (now() >= state.expiresAt) throw signInAgain(session);
        await sleep(interval, undefined, { signal });
      }
    },
  };

  async function isNowSignedIn(session: SsoSession): Promise<boolean> {
    const token = await known(session);
    return token !== null && timeLeft(token, now()) > 0;
  }
}

/** The service says that this session is over, rather than that it cannot answer. */
function isEnd(error: unknown): boolean {
  const names = [
    'InvalidGrantException',
    'ExpiredTokenException',
    'InvalidClientException',
    'UnauthorizedClientException',
  ];
  return error instanceof Error && names.includes(error.name);
}

function finishFailure(error: unknown, session: SsoSession): Error {
  if (error instanceof AppFailure) return error;
  if (isEnd(error)) return signInAgain(session);
  if (error instanceof Error && error.name === 'AccessDeniedException') {
    return new AppFailure(
      'access-denied',
      `Signing in at ${session.startUrl} was refused in the browser. Begin again.`,
    );
  }
  return serviceFailure(error, { what: `Signing in at ${session.startUrl} did not end`, profile: null });
}

function signInAgain(session: SsoSession): AppFailure {
  return new AppFailure(
    'sign-in-needed',
    `The code for ${session.startUrl} is not valid any more. Begin again to get another one.`,
  );
}

/** The page opens it in a browser: nothing but a web address may come from there. */
function webAddress(address: string, session: SsoSession): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href;
  throw new AppFailure(
    'not-s3',
    `${session.startUrl} names no web address to sign in at. Check sso_start_url and sso_region.`,
  );
}
