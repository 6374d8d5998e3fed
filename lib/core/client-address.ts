import { BlockList, isIP } from 'node:net';

/** Carries the address of whoever sent a request: one address, once `clientAddress` has decided on it. */
export const CLIENT_ADDRESS_HEADER = 'x-forwarded-for';

/** Networks whose addresses nobody has on the internet: who connects from there is a proxy, or a neighbour. */
const PRIVATE_NETWORKS = [
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const;
const privateNetworks = new BlockList();
for (const [network, bits, family] of PRIVATE_NETWORKS) privateNetworks.addSubnet(network, bits, family);

/**
 * The address of a client: that of the connection, unless the connection comes from a private network. Then it is
 * that of the portal's own reverse proxy, and the client is whom the proxy names last in `X-Forwarded-For`; what stands
 * before that came with the request and can be made up.
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined): string {
  const connected = normalAddress(peer ?? '');
  const isProxy = connected !== undefined && isPrivate(connected);
  const named = isProxy ? normalAddress(forwardedFor?.split(',').at(-1) ?? '') : undefined;
  return named ?? connected ?? 'unknown';
}

/**
 * Under what the doings of an address are counted together: an IPv4 address, or the network of an IPv6 one, since a
 * single client has 2⁶⁴ of those.
 */
export function addressGroup(headers: Pick<Headers, 'get'>): string {
  const address = normalAddress(headers.get(CLIENT_ADDRESS_HEADER)?.split(',').at(-1) ?? '');
  if (address === undefined) return 'unknown';
  return isIP(address) === 6 ? `${firstGroups(address, 4).join(':')}::/64` : address;
}

const isPrivate = (address: string): boolean =>
  privateNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Without the port, brackets, zone and mapping that may be around an address; undefined where it is none. */
function normalAddress(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.+)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .toLowerCase();
  return isIP(bare) === 0 ? undefined : bare;
}

function firstGroups(address: string, count: number): string[] {
  const [before = '', after] = address.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after ? after.split(':') : [];
  const zeros =
    after === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, count).map((group) => group.replace(/^0+(?=.)/, ''));
}
