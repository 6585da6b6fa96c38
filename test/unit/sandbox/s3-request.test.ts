import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { readRequest } from '../../../electron/sandbox/http/s3-request.ts';

function place(host: string, url = '/one/two'): readonly (string | null)[] {
  const message = new IncomingMessage(new Socket());
  message.url = url;
  message.rawHeaders.push('Host', host);
  const { bucket, key } = readRequest(message);
  return [bucket, key];
}

it('a bucket is in the host name below localhost alone, else in the path', () => {
  expect([
    place('records.localhost:9000'),
    place('Records.LOCALHOST'),
    place('a.dotted.name.localhost:1'),
    place('records.localhost', '/'),
    place('localhost:9000'),
    place('127.0.0.1:9000'),
    place('[::1]:9000'),
    place('records.example.com'),
    place('records.localhost.example.com'),
    place('records.127.0.0.1'),
    place('s3.localhost'),
    place('.localhost'),
    place(''),
  ]).toEqual([
    ['records', 'one/two'],
    ['records', 'one/two'],
    ['a.dotted.name', 'one/two'],
    ['records', null],
    ...Array.from({ length: 9 }, () => ['one', 'two']),
  ]);
});
