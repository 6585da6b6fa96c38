import { awsCli } from './aws-cli.mjs';
import { awsSdk } from './aws-sdk.mjs';
import { dipper, dipper256, dipperOpen } from './dipper.mjs';
import { nodeSockets } from './node-sockets.mjs';
import { boto3, dataknobs } from './python.mjs';
import { rclone } from './rclone.mjs';
import { s5cmd } from './s5cmd.mjs';

/**
 * A peer is `{ name, slow, ownFormat, isFor, find, command, idle }`. `find` answers its version, or null where it is not on
 * this machine; `isFor(leg)` whether it takes part (left out: always); `command(work, place)` the words and environment of a
 * process that does the work; `idle` those of one that does nothing, for the time of its start. A peer that `reports` prints
 * `{ records, bytes, wall, cpu }` of the work alone. One that `worksBefore` does the same at `place.otherEndpoint` first, which is
 * not counted.
 */
export const PEERS = [
  dipper,
  dipperOpen,
  dipper256,
  nodeSockets,
  s5cmd,
  rclone,
  awsSdk,
  boto3(10),
  boto3(64),
  dataknobs,
  awsCli,
];

/** Those on this machine, each with its version; Dipper is the first. */
export function findPeers(names) {
  const unknown = names?.find((name) => !PEERS.some((peer) => peer.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is no peer "${unknown}": there are ${PEERS.map(({ name }) => name).join(', ')}.`);
  }
  return PEERS.filter(({ name }) => name.startsWith('dipper') || names === undefined || names.includes(name)).flatMap(
    (peer) => {
      const version = peer.find();
      if (version === null) console.log(`${peer.name} is not on this machine: bench/README.md says how to get it.`);
      return version === null ? [] : [{ ...peer, version }];
    },
  );
}
