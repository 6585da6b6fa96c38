import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** All of V8's, at once: what a test holds weakly, and nothing else holds, is gone after that. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}
