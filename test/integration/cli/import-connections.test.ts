import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../../shared/connection.ts';
import { SELF_SIGNED } from '../s3/self-signed.ts';
import { buildDipper, createDipper, type Dipper } from './run-dipper.ts';

let dipper: Dipper;

beforeAll(async () => {
  await buildDipper();
  dipper = await createDipper({ HOST: 'https://lab.example', DATAKNOBS_DATABASES__FILMS__BUCKET: 'of-a-variable' });
}, 120_000);

afterAll(() => dipper.remove());

test('a command takes a configuration with its own variables, what they put over it, and the files that it names', async () => {
  await writeFile(join(dipper.dataFolder, 'lab.pem'), SELF_SIGNED.cert);
  await writeFile(
    join(dipper.dataFolder, 'databases.yaml'),
    `databases:
  - {name: films, backend: s3, bucket: b, endpoint_url: "\${HOST}", extra_client_kwargs: {verify: lab.pem}}
`,
  );
  const imported = await dipper.run(['config', 'import', 'databases.yaml']);
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('s3://of-a-variable/records/') });
  const listed = await dipper.run(['connections', '--json']);
  const connections: readonly Connection[] = JSON.parse(listed.stdout);
  expect(connections.find(({ name }) => name === 'films')).toMatchObject({
    endpoint: 'https://lab.example',
    network: { certificateAuthority: SELF_SIGNED.cert },
  });
});
