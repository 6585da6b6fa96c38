import type { S3Client } from '@aws-sdk/client-s3';

/** Makes a client change headers before (`signed`) or after they are signed; an empty value takes one out. */
export function changeHeaders<Client extends S3Client>(
  client: Client,
  changes: Readonly<Record<string, string>>,
  when: 'signed' | 'unsigned',
): Client {
  const change = <Input extends object>(input: Input): Input => {
    if (!('request' in input) || !hasHeaders(input.request)) throw new Error('there is no request to change');
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') delete input.request.headers[name];
      else input.request.headers[name] = value;
    }
    return input;
  };
  if (when === 'signed') {
    client.middlewareStack.add((next) => (input) => next(change(input)), { step: 'build', priority: 'low' });
  } else {
    client.middlewareStack.add((next) => (input) => next(change(input)), { step: 'deserialize', priority: 'high' });
  }
  return client;
}

function hasHeaders(request: unknown): request is { readonly headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request;
}
