import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * Stands in for what gives credentials at Amazon, in its own protocols: SSO OIDC and the SSO portal (REST with JSON), STS
 * (query and XML), and the metadata service of an instance (IMDSv2). Which request is whose is told by its path. All
 * credentials that it gives are those of a real S3 server, so that what was signed with them can be read.
 */
export interface AwsStandIn {
  readonly endpoint: string;
  /** Requests in their order, such as `POST /token refresh_token` or `AssumeRole arn:…`. */
  readonly heard: string[];
  /** What AssumeRole and AssumeRoleWithWebIdentity were asked with. */
  readonly roles: ReadonlyMap<string, string>[];
  /** Codes that wait for a person. */
  readonly waitingCodes: () => readonly string[];
  /** The person confirms the code that is shown, or refuses it. */
  readonly answerCode: (code: string, isConfirmed: boolean) => void;
  /** Tokens given so far are not taken any more. */
  readonly endSessions: () => void;
  /** Refresh tokens given so far are not taken any more. */
  readonly endRenewals: () => void;
  readonly settings: StandInSettings;
  close(): Promise<void>;
}

export interface StandInSettings {
  accessKeyId: string;
  secretAccessKey: string;
  /** Seconds that role credentials last. */
  roleSeconds: number;
  /** Seconds that SSO tokens last. */
  tokenSeconds: number;
  /** The code that devices show now. */
  mfaCode: string;
  /** Asked for by roles whose name ends with `-external`. */
  externalId: string;
  webIdentityToken: string;
  /** Role of the instance; null for none. */
  instanceRole: string | null;
}

interface Device {
  readonly userCode: string;
  state: 'waiting' | 'confirmed' | 'refused';
}

export async function startAwsStandIn(keys: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): Promise<AwsStandIn> {
  const settings: StandInSettings = {
    ...keys,
    roleSeconds: 3600,
    tokenSeconds: 3600,
    mfaCode: '123456',
    externalId: 'outside',
    webIdentityToken: 'token of the cluster',
    instanceRole: 'instance-role',
  };
  const heard: string[] = [];
  const roles: ReadonlyMap<string, string>[] = [];
  const devices = new Map<string, Device>();
  const tokens = new Set<string>();
  const renewals = new Set<string>();
  let endpoint = '';

  const expiration = (): Date => new Date(Date.now() + settings.roleSeconds * 1000);
  const newTokens = () => {
    const [accessToken, refreshToken] = [`access ${randomUUID()}`, `refresh ${randomUUID()}`];
    tokens.add(accessToken);
    renewals.add(refreshToken);
    return { accessToken, refreshToken, tokenType: 'Bearer', expiresIn: settings.tokenSeconds };
  };

  const oidc = (path: string, body: ReadonlyMap<string, unknown>, response: ServerResponse): void => {
    const refuse = (type: string, error: string): void =>
      json(response, 400, { error, error_description: error }, { 'x-amzn-errortype': type });
    switch (path) {
      case '/client/register':
        json(response, 200, {
          clientId: 'dipper',
          clientSecret: 'of the client',
          clientSecretExpiresAt: 4_102_444_800,
        });
        return;
      case '/device_authorization': {
        const deviceCode = randomUUID();
        const userCode = `${deviceCode.slice(0, 4)}-${deviceCode.slice(4, 8)}`.toUpperCase();
        devices.set(deviceCode, { userCode, state: 'waiting' });
        const verificationUri = `${endpoint}/device`;
        const verificationUriComplete = `${verificationUri}?user_code=${userCode}`;
        json(response, 200, {
          deviceCode,
          userCode,
          verificationUri,
          verificationUriComplete,
          expiresIn: 600,
          interval: 0,
        });
        return;
      }
      default: {
        if (body.get('grantType') === 'refresh_token') {
          const token = String(body.get('refreshToken'));
          if (renewals.delete(token)) json(response, 200, newTokens());
          else refuse('InvalidGrantException', 'invalid_grant');
          return;
        }
        const device = devices.get(String(body.get('deviceCode')));
        if (device?.state === 'confirmed') json(response, 200, newTokens());
        else if (device?.state === 'refused') refuse('AccessDeniedException', 'access_denied');
        else if (device?.state === 'waiting') refuse('AuthorizationPendingException', 'authorization_pending');
        else refuse('ExpiredTokenException', 'expired_token');
      }
    }
  };

  const sts = (form: ReadonlyMap<string, string>, response: ServerResponse): void => {
    const action = form.get('Action') ?? '';
    const role = form.get('RoleArn') ?? '';
    heard.push(`${action} ${role}`);
    roles.push(form);
    const refuse = (code: string, message: string): void =>
      xml(
        response,
        403,
        `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    if (action === 'AssumeRoleWithWebIdentity' && form.get('WebIdentityToken') !== settings.webIdentityToken) {
      refuse('InvalidIdentityToken', 'The token is not one of ours');
      return;
    }
    if (role.endsWith('-external') && form.get('ExternalId') !== settings.externalId) {
      refuse('AccessDenied', `User is not authorized to perform: sts:AssumeRole on resource: ${role}`);
      return;
    }
    if (role.endsWith('-mfa') && form.get('TokenCode') !== settings.mfaCode) {
      refuse('AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code.');
      return;
    }
    xml(
      response,
      200,
      `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><AssumedRoleUser><AssumedRoleId>AROA:dipper</AssumedRoleId><Arn>${role}</Arn></AssumedRoleUser><Credentials><AccessKeyId>${settings.accessKeyId}</AccessKeyId><SecretAccessKey>${settings.secretAccessKey}</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${expiration().toISOString()}</Expiration></Credentials></${action}Result></${action}Response>`,
    );
  };

  const instance = (request: IncomingMessage, path: string, response: ServerResponse): void => {
    if (request.method === 'PUT') {
      response.end('token of the instance');
      return;
    }
    if (request.headers['x-aws-ec2-metadata-token'] !== 'token of the instance') {
      response.writeHead(401).end();
      return;
    }
    const role = settings.instanceRole;
    if (role === null) response.writeHead(404).end();
    else if (path.endsWith('/security-credentials/')) response.end(role);
    else {
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = settings;
      const Expiration = expiration().toISOString();
      json(response, 200, { Code: 'Success', AccessKeyId, SecretAccessKey, Token: 'token', Expiration });
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = (await buffer(request)).toString('utf8');
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand.in');
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
      sts(new Map(new URLSearchParams(text)), response);
      return;
    }
    const body = new Map<string, unknown>(Object.entries(Object(text === '' ? {} : JSON.parse(text))));
    const grant = body.get('grantType');
    heard.push(`${request.method ?? ''} ${pathname}${typeof grant === 'string' ? ` ${grant}` : ''}`);
    if (pathname.startsWith('/latest/')) instance(request, pathname, response);
    else if (pathname === '/federation/credentials') {
      if (!tokens.has(String(request.headers['x-amz-sso_bearer_token']))) {
        json(
          response,
          401,
          { message: 'Session token not found or invalid' },
          { 'x-amzn-errortype': 'UnauthorizedException' },
        );
        return;
      }
      const { accessKeyId, secretAccessKey } = settings;
      const roleCredentials = {
        accessKeyId,
        secretAccessKey,
        sessionToken: 'token',
        expiration: expiration().getTime(),
      };
      if (searchParams.get('role_name') === 'Nobody') {
        json(response, 403, { message: 'No access' }, { 'x-amzn-errortype': 'ForbiddenException' });
      } else json(response, 200, { roleCredentials });
    } else if (pathname === '/device') {
      // What a browser is shown: a person who opens it has confirmed.
      confirm(searchParams.get('user_code') ?? '', true);
      response.end('Signed in. You can close this window.');
    } else oidc(pathname, body, response);
  };

  const confirm = (code: string, isConfirmed: boolean): void => {
    for (const device of devices.values()) {
      if (device.userCode === code) device.state = isConfirmed ? 'confirmed' : 'refused';
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  endpoint = `http://127.0.0.1:${address.port}`;
  return {
    endpoint,
    heard,
    roles,
    settings,
    waitingCodes: () =>
      Array.from(devices.values()).flatMap(({ state, userCode }) => (state === 'waiting' ? [userCode] : [])),
    answerCode: confirm,
    endSessions: () => tokens.clear(),
    endRenewals: () => renewals.clear(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function xml(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
}
