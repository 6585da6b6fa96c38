import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { SELF_SIGNED } from '../s3/self-signed.ts';
import { listen } from '../support/listen.ts';
import { startProxy } from '../support/proxy.ts';
import { buildDipper, createDipper, type Dipper } from './run-dipper.ts';

const PAGE = '<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>';
const COUNT = ['count', 's3://records/notes/', '--codec', 'plain', '--no-index'];

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function newDipper(environment: Readonly<Record<string, string>>): Promise<Dipper> {
  const dipper = await createDipper(environment);
  cleanUps.push(() => dipper.remove());
  return dipper;
}

beforeAll(() => buildDipper(), 120_000);

test('a bucket of others is read without keys, or on one’s own bill', async () => {
  const heard: (readonly [string, boolean, unknown])[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    heard.push([url.split('?')[0] ?? '', headers.authorization !== undefined, headers['x-amz-request-payer']]);
    response.writeHead(200, { 'content-type': 'application/xml' }).end(PAGE);
  });
  const { port, close } = await listen(server);
  cleanUps.push(close);
  const dipper = await newDipper({});
  const ways = ['--endpoint', `http://127.0.0.1:${port}`, '--path-style'];
  expect(await dipper.run([...COUNT, ...ways, '--anonymous'])).toEqual({ code: 0, stdout: '0\n', stderr: '' });
  const own = await newDipper({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
  expect(await own.run([...COUNT, ...ways, '--requester-pays'])).toMatchObject({ code: 0, stdout: '0\n' });
  // The last command counts: it is the same place with the same keys.
  expect(await own.run([...COUNT, ...ways])).toMatchObject({ code: 0, stdout: '0\n' });
  expect(heard).toEqual([
    ['/records', false, undefined],
    ['/records', true, 'requester'],
    ['/records', true, undefined],
  ]);
});

test('Amazon is asked at the address that options name', async () => {
  const server = createSecureServer(SELF_SIGNED, (_, response) => response.end());
  const { port, close } = await listen(server);
  cleanUps.push(close);
  const proxy = await startProxy(port);
  cleanUps.push(() => proxy.stop());
  const dipper = await newDipper({ HTTPS_PROXY: proxy.address });
  const asked = async (...ways: readonly string[]) => {
    const before = proxy.asked.length;
    // The proxy leads to a server that is not Amazon's: that is as far as it goes.
    expect((await dipper.run([...COUNT, '--anonymous', '--region', 'us-west-2', ...ways])).stderr).toMatch(
      /certificate/,
    );
    return [...new Set(proxy.asked.slice(before))];
  };
  expect(await asked('--dual-stack', '--fips')).toEqual([
    'CONNECT records.s3-fips.dualstack.us-west-2.amazonaws.com:443',
  ]);
  expect(await asked('--path-style')).toEqual(['CONNECT s3.us-west-2.amazonaws.com:443']);
  expect(await asked()).toEqual(['CONNECT records.s3.us-west-2.amazonaws.com:443']);
});

test('a server is trusted that this computer trusts, where Node can tell what that is', async () => {
  const server = createSecureServer(SELF_SIGNED, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(PAGE);
  });
  const { port, close } = await listen(server);
  cleanUps.push(close);
  const ways = ['--endpoint', `https://localhost:${port}`, '--path-style', '--anonymous'];
  const stranger = await newDipper({});
  expect((await stranger.run([...COUNT, ...ways])).stderr).toMatch(/certificate .* not trusted by this computer/);
  // What OpenSSL takes for the certificates of the system; on a Mac and on Windows these are in no file.
  const trusting = await newDipper({ SSL_CERT_FILE: 'system.pem' });
  await writeFile(join(trusting.dataFolder, 'system.pem'), SELF_SIGNED.cert);
  const { code, stdout } = await trusting.run([...COUNT, ...ways]);
  const canTell = 'getCACertificates' in tls && process.platform === 'linux';
  expect([code, stdout]).toEqual(canTell ? [0, '0\n'] : [1, '']);
});
