import { join } from 'node:path';

const script = join(import.meta.dirname, 'work/node-sockets.mjs');

/**
 * No peer but a floor: requests that need no work, written to Node's sockets, answers of which the body alone is taken. What a
 * client in Node costs beyond it is its own; that it signs is a part of that.
 */
export const nodeSockets = {
  name: 'node-sockets',
  setting: 'no client: bare requests on 64 sockets (0 ms) or 256, unsigned, unchecked',
  reports: true,
  isFor: ({ work }) => work === 'create' || work === 'read',
  find: () => `Node ${process.versions.node}`,
  command: (work, place) => ({ words: [process.execPath, script, work, JSON.stringify(place)] }),
};
