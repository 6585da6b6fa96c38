// npm run audit: what is known of the packages in the lock file. The last line is the outcome. Ends with 0 where nothing is
// known, with 1 where something is, with 2 where nobody could be asked: that is no pass.
import { spawnSync } from 'node:child_process';
import { projectFolder } from './set-up.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const result = spawnSync(npm, ['audit', '--json'], {
  cwd: projectFolder,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
const found = read(result.stdout);
if (found === null) {
  console.log('audit: not reachable, which is no pass');
  process.exitCode = 2;
} else {
  for (const { name, severity, range } of Object.values(found.vulnerabilities)) {
    console.log(`${severity}: ${name} ${range}`);
  }
  const { total } = found.metadata.vulnerabilities;
  console.log(total === 0 ? 'audit: nothing is known' : `audit: ${total} found`);
  process.exitCode = total === 0 ? 0 : 1;
}

/** Null for an answer that is none. */
function read(text) {
  try {
    const answer = JSON.parse(text);
    return answer.metadata?.vulnerabilities === undefined ? null : answer;
  } catch {
    return null;
  }
}
