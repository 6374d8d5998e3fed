import { Agent, get } from 'node:http';
import type { SessionCookie } from './session.ts';

export const CONNECTIONS = 10;
const WARM_UP_REQUESTS = 100;

export type Target = { readonly url: string; readonly cookie?: SessionCookie };

/** Answers a second over a number of seconds, from a client with ten connections that asks as fast as it is answered. */
export async function measureThroughput(target: Target, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    await inParallel(agent, target, (count) => count < WARM_UP_REQUESTS);
    const startedAt = performance.now();
    const elapsedMs = () => performance.now() - startedAt;
    const answered = await inParallel(agent, target, () => elapsedMs() < seconds * 1000);
    return answered / (elapsedMs() / 1000);
  } finally {
    agent.destroy();
  }
}

/** Asks on all connections while it is to go on. Returns how many answers came. */
async function inParallel(agent: Agent, target: Target, goesOn: (count: number) => boolean): Promise<number> {
  let count = 0;
  const one = async () => {
    while (goesOn(count)) {
      count += 1;
      await ask(agent, target);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return count;
}

function ask(agent: Agent, { url, cookie }: Target): Promise<void> {
  const headers = cookie ? { cookie: `${cookie.name}=${cookie.value}` } : {};
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers, family: 4 }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered with status ${response.statusCode}.`));
      });
    });
    request.on('error', reject);
  });
}
