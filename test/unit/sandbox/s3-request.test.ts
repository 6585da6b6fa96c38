import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { readRequest, withQueryHeaders } from '../../../electron/sandbox/http/s3-request.ts';

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

function headersOf(query: string): readonly (readonly [string, string])[] {
  const message = new IncomingMessage(new Socket());
  message.url = `/one/two?${query}`;
  message.rawHeaders.push('x-amz-acl', 'private');
  const request = withQueryHeaders(readRequest(message));
  return [...request.headers, ...request.query];
}

it('parameters of a presigned URL count as headers, and must be able to be', () => {
  expect(
    headersOf('X-Amz-Date=1&x-amz-meta-Note=%C3%BC+b&X-Amz-Storage-Class=GLACIER&x-amz-acl=public-read&uploadId=3'),
  ).toEqual([
    ['x-amz-acl', 'private'],
    ['x-amz-meta-note', 'Ã¼ b'],
    ['x-amz-storage-class', 'GLACIER'],
    ['uploadId', '3'],
  ]);
  for (const query of ['x-amz-meta-a=b%0D%0Ac', 'x-amz-meta-a%20b=c', 'x-amz-meta-%C3%BC=c']) {
    expect(() => headersOf(query)).toThrowError(expect.objectContaining({ code: 'InvalidArgument' }));
  }
});
