import { Agent, get } from 'node:http';

const NEXT_LINK = /"@odata\.nextLink":"([^"]*)"/;
/** Graph writes the link before the rows. */
const HEAD_BYTES = 1024;

/**
 * The pages of a collection as they come from the wire, unparsed. The next page is asked for as soon as the head of
 * this one names it, so that there is always one on its way: nothing reads a linked list faster.
 */
export async function* drain(firstUrl: string): AsyncGenerator<Buffer, void, undefined> {
  const agent = new Agent({ keepAlive: true });
  try {
    let next: Promise<Page> | undefined = fetchPage(agent, firstUrl);
    while (next) {
      const page: Page = await next;
      next = page.link === undefined ? undefined : fetchPage(agent, page.link);
      // It is awaited in the next round; a failure until then is no unhandled one.
      next?.catch(() => undefined);
      yield await page.body;
    }
  } finally {
    agent.destroy();
  }
}

type Page = { readonly link: string | undefined; readonly body: Promise<Buffer> };

function fetchPage(agent: Agent, url: string): Promise<Page> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`${url} answered with status ${response.statusCode}.`));
        request.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      const body = new Promise<Buffer>((whole, broken) => {
        response.on('end', () => whole(Buffer.concat(chunks)));
        response.on('error', broken);
      });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunks.length > 1) return;
        const head = chunk.subarray(0, HEAD_BYTES).toString('latin1');
        resolve({ link: NEXT_LINK.exec(head)?.[1], body });
      });
    });
    request.on('error', reject);
  });
}

/** Users a second that a client gets which does nothing with them: what the generator can deliver at most. */
export async function measureDrain(graphUrl: string, users: number): Promise<number> {
  const startedAt = performance.now();
  let bytes = 0;
  for await (const page of drain(usersUrl(graphUrl))) bytes += page.length;
  const seconds = (performance.now() - startedAt) / 1000;
  if (bytes === 0) throw new Error('The load generator delivered nothing.');
  return users / seconds;
}

export const usersUrl = (graphUrl: string): string => `${graphUrl}/v1.0/users?$top=999`;
