import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { CLIENT_ADDRESS_HEADER, clientAddress } from '#lib/core/client-address.ts';

/**
 * From now on each request that reaches an HTTP server of this process carries the address of its client, and no other
 * that the client may have made up. Next hides the connection from us and fills the header only where a request has
 * none, so this happens before Next sees the request.
 */
export function nameClients(): void {
  subscribe('http.server.request.start', (message) => {
    // Published by Node itself: https://nodejs.org/api/diagnostics_channel.html#http
    const { headers, socket } = (message as { readonly request: IncomingMessage }).request;
    const forwardedFor = headers[CLIENT_ADDRESS_HEADER];
    headers[CLIENT_ADDRESS_HEADER] = clientAddress(socket.remoteAddress, [forwardedFor].flat().join(','));
  });
}
