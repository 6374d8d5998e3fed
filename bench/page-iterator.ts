import { Client, type Context, MiddlewareFactory, PageIterator } from '@microsoft/microsoft-graph-client';
import { measureOnCommand } from './trial.ts';

/** What a program does that follows Microsoft's documentation: its client with its page iterator. It only counts. */
const graphUrl = new URL(process.env.GRAPH_URL ?? '');
const expected = Number(process.env.USERS);

const middleware = MiddlewareFactory.getDefaultMiddlewareChain({ getAccessToken: async () => 'e30.e30.e30' });
// The client takes links apart and knows https alone; the last of the chain sends the requests where the generator is.
middleware.splice(-1, 1, {
  async execute(context: Context) {
    const headers = new Headers(context.options?.headers);
    headers.set('x-forwarded-proto', 'https');
    const url = String(context.request).replace(/^https:/, graphUrl.protocol);
    context.response = await fetch(url, { ...context.options, headers });
  },
});
for (const [index, link] of middleware.entries()) {
  const next = middleware[index + 1];
  if (next) link.setNext?.(next);
}

await measureOnCommand(async () => {
  const client = Client.initWithMiddleware({
    baseUrl: `https://${graphUrl.host}`,
    middleware: middleware[0],
  });
  let users = 0;
  const iterator = new PageIterator(client, await client.api('/users').top(999).get(), () => {
    users += 1;
    return true;
  });
  await iterator.iterate();
  if (users !== expected) throw new Error(`The page iterator counted ${users} of ${expected} users.`);
});
