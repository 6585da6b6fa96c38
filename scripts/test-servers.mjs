// npm run test:servers [-- --only TEXT] [--server NAME] [--update]: the conformance suite against real S3 servers. Each is taken from
// DIPPER_TEST_SERVER_NAME_ENDPOINT, _ACCESS_KEY_ID, _SECRET_ACCESS_KEY and _REGION, or started by its script for the time
// of the run. The last line is the sum, alone: `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { projectFolder, setUp } from './set-up.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    /** Of those that can be started; again for another. */
    server: { type: 'string', multiple: true },
    update: { type: 'boolean', default: false },
  },
});
/** Those that can be started here. */
const started = [
  { name: 'localstack', accessKeyId: 'test', secretAccessKey: 'test' },
  { name: 'rgw', accessKeyId: 'testkey', secretAccessKey: 'testsecret' },
  // Last: a cold start builds it.
  { name: 'versity', accessKeyId: 'testkey', secretAccessKey: 'testsecret' },
].filter(({ name }) => values.server?.includes(name) ?? true);
const notRun = [];
const ends = [];
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
setUp();
let sum = { passed: 0, failed: 1, skipped: 0 };
try {
  const servers = serversOfEnvironment();
  for (const server of started.filter(({ name }) => !servers.some((other) => other.name === name))) {
    const endpoint = await start(server.name);
    if (endpoint !== null) servers.push({ ...server, region: 'us-east-1', endpoint });
  }
  if (servers.length > 0 || values.update) {
    // Only now is it sure to be installed.
    const { createServer: createVite } = await import('vite');
    // Nothing is served: it reads TypeScript, also what the cases import later on.
    const vite = await createVite({
      configFile: false,
      root: projectFolder,
      logLevel: 'warn',
      appType: 'custom',
      server: { middlewareMode: true, watch: null, ws: false },
      optimizeDeps: { noDiscovery: true },
    });
    ends.push(() => vite.close());
    const { runServers } = await vite.ssrLoadModule('/test/servers/run-servers.ts');
    sum = await runServers({ servers, only: values.only, update: values.update });
  }
} finally {
  await Promise.all(ends.map((end) => end()));
}
for (const line of notRun) console.log(`skipped: ${line}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped + notRun.length} skipped`);
process.exitCode = sum.failed === 0 ? 0 : 1;

function serversOfEnvironment() {
  return Object.keys(process.env).flatMap((variable) => {
    const name = /^DIPPER_TEST_SERVER_(\w+)_ENDPOINT$/.exec(variable)?.[1];
    if (name === undefined) return [];
    const known = started.find((server) => server.name === name.toLowerCase());
    const value = (suffix) => process.env[`DIPPER_TEST_SERVER_${name}_${suffix}`];
    return [
      {
        name: name.toLowerCase(),
        endpoint: process.env[variable].replace(/\/$/, ''),
        region: value('REGION') ?? 'us-east-1',
        accessKeyId: value('ACCESS_KEY_ID') ?? known?.accessKeyId ?? '',
        secretAccessKey: value('SECRET_ACCESS_KEY') ?? known?.secretAccessKey ?? '',
      },
    ];
  });
}

/** Starts a server by its script, which prints the address and serves until its input ends. Null where it cannot. */
async function start(name) {
  console.log(`starting ${name}; where it is missing it is installed into the user's cache first`);
  const script = join(projectFolder, `test/servers/${name}.sh`);
  const child = spawn('bash', [script, String(await freePort())], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data) => (said = (said + data).slice(-2000)));
  const failed = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', () => resolve(said.trim() || `${name}.sh ended`));
  });
  const lines = createInterface({ input: child.stdout });
  const endpoint = await Promise.race([once(lines, 'line').then(([line]) => line), failed.then(() => null)]);
  if (endpoint === null) {
    notRun.push(`${name}: ${await failed}`);
    return null;
  }
  ends.push(async () => {
    child.stdin.end();
    await failed;
  });
  return endpoint;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
