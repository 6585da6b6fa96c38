import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../support/build-from-source.mjs';
import { environmentOf } from './environment.mjs';

const script = join(import.meta.dirname, 'work/aws-sdk.mjs');

export const awsSdk = {
  name: 'aws-sdk-js',
  setting: '64 at once, 64 sockets',
  reports: true,
  find: () => {
    const manifest = join(projectFolder, 'node_modules/@aws-sdk/client-s3/package.json');
    return `@aws-sdk/client-s3 ${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
  },
  command: (work, place) => ({
    // Its warning about the age of Node is of no interest here.
    words: [process.execPath, '--no-warnings', script, work, JSON.stringify(place)],
    environment: environmentOf(place),
  }),
};
