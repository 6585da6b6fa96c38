import { z } from 'zod';
import { CODE_HEADER } from '../../../shared/bridge.ts';

const entered = z.object({ ok: z.literal(true), value: z.object({ token: z.string() }) });

/** The token that the code of a printed address stands for, as the page gets it; the code is used up by it. */
export async function tokenOf(address: string): Promise<string> {
  const url = new URL(address);
  const headers = { [CODE_HEADER]: url.hash.slice('#code='.length) };
  const response = await fetch(new URL('/api/enter', url), { method: 'POST', headers });
  return entered.parse(await response.json()).value.token;
}
