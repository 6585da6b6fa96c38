/** As little as a process in Node can do to move objects (node-sockets.mjs). Arguments: WORK PLACE. */
import { connect } from 'node:net';
import { readRecords, reportWork } from './report-work.mjs';

const [work, placeText] = process.argv.slice(2);
const place = JSON.parse(placeText);
const { hostname, port, host } = new URL(place.endpoint);
/** As many as Dipper begins with, or as s5cmd has workers. */
const sockets = place.latency === 0 ? 64 : 256;
/** As long as what a signed request has beside this. */
const PADDING = 'x'.repeat(420);
const BODY_LENGTH = /\r\ncontent-length: (\d+)/i;
const received = Buffer.allocUnsafeSlow(64 * 1024);

const records = await readRecords(place.recordsFile);

await reportWork(
  () =>
    new Promise((resolve, reject) => {
      let next = 0;
      const done = { records: 0, bytes: 0 };
      const open = () => {
        const socket = connect({
          host: hostname,
          port: Number(port),
          noDelay: true,
          onread: { buffer: received, callback },
        });
        socket.on('connect', send).on('error', reject);

        function send() {
          const record = records[next];
          next += 1;
          if (record === undefined) socket.destroy();
          else socket.write(requestOf(record), 'latin1');
        }

        function callback(length) {
          const answer = received.latin1Slice(0, length);
          // Answers of this server come whole.
          if (!answer.startsWith('HTTP/1.1 200')) reject(new Error(`It answered ${answer.slice(0, 80)}`));
          done.records += 1;
          done.bytes += Number(BODY_LENGTH.exec(answer)?.[1] ?? 0);
          if (done.records === records.length) resolve(done);
          send();
          return true;
        }
      };
      for (let number = 0; number < sockets; number += 1) open();
    }),
);
process.exit();

function requestOf({ key, body }) {
  const begin = `/${place.bucket}/${place.prefix}${key} HTTP/1.1\r\nhost: ${host}\r\nx-padding: ${PADDING}\r\n`;
  return work === 'create'
    ? `PUT ${begin}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    : `GET ${begin}\r\n`;
}
