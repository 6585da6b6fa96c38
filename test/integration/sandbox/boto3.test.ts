import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { writeSampleFile } from '../support/sample-file.ts';

const run = promisify(execFile);

/** A Python with boto3 and dataknobs-data; without one the test is skipped and says why. */
const python = process.env['DIPPER_TEST_PYTHON'];

it('boto3 writes, lists and reads whatever its checksums, and dataknobs reads the sample penguins', async (context) => {
  if (python === undefined) {
    context.skip('DIPPER_TEST_PYTHON names no Python with boto3 and dataknobs-data');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'dipper-boto3-'));
  const sandbox = await startTestSandbox();
  try {
    const path = await writeSampleFile(folder);
    const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
    const penguins = join(folder, 'penguins.ndjson');
    writeFileSync(penguins, lines.filter((line) => line.includes('"key":"penguins/')).join('\n'));
    const script = join(import.meta.dirname, 'boto3_session.py');
    const { stdout } = await run(python, [
      script,
      sandbox.endpoint,
      sandbox.accessKeyId,
      sandbox.secretAccessKey,
      penguins,
    ]);
    const each = {
      listed: true,
      read: true,
      large: true,
      tags: [{ Key: 'a', Value: 'b c' }],
      head: { note: 'x' },
      exists: 'PreconditionFailed 412',
      missing: '404 404',
      'not empty': 'BucketNotEmpty 409',
    };
    expect(JSON.parse(stdout)).toEqual({
      when_supported: each,
      when_required: each,
      // boto3 signs metadata as a header, which whoever has the URL must send.
      presigned: [
        'SignatureDoesNotMatch 403',
        ' 200',
        'body 200',
        'SignatureDoesNotMatch 403',
        'AccessDenied 403',
        'InvalidRequest 400',
      ],
      sums: { CRC32: true, SHA1: true, SHA256: true },
      'wrong sum': 'BadDigest 400',
      deleted: ['CRC32', '<&>\t'],
      kept: ['SHA1 PreconditionFailed'],
      'version 1': [true, 'SHA1'],
      bytes: 0,
      records: 344,
      first: ['penguin-001', 39.1, 'integer'],
    });
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
