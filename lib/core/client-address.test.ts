import { expect, test } from 'vitest';
import { addressGroup, clientAddress } from './client-address.ts';

test.each([
  ['nobody is between: the connection', '203.0.113.7', undefined, '203.0.113.7'],
  ['nobody is between, and the client makes one up', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['a proxy on the same machine', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['a proxy on the same machine, by IPv6', '::1', '203.0.113.7', '203.0.113.7'],
  ['a proxy in the same network', '::ffff:10.1.2.3', '203.0.113.7', '203.0.113.7'],
  ['a proxy adds to what the client made up', '10.1.2.3', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['a proxy that names a port', '10.1.2.3', '203.0.113.7:4711', '203.0.113.7'],
  ['a proxy that names IPv6 with a port', '10.1.2.3', '[2001:DB8::7]:4711', '2001:db8::7'],
  ['a proxy with a link-local address', 'fe80::1%eth0', '203.0.113.7', '203.0.113.7'],
  ['a proxy that names nobody', '10.1.2.3', undefined, '10.1.2.3'],
  ['a proxy that hides the client', '10.1.2.3', '203.0.113.7, unknown', '10.1.2.3'],
  ['a client in the same network', '10.1.2.3', '10.9.9.9', '10.9.9.9'],
  ['a connection that is gone', undefined, '203.0.113.7', 'unknown'],
] as const)('%s', (_what, peer, forwardedFor, address) => {
  expect(clientAddress(peer, forwardedFor)).toBe(address);
});

const groupOf = (forwardedFor?: string) =>
  addressGroup(new Headers(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }));

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['rubbish', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('%j is counted as %j', (forwardedFor, group) => {
  expect(groupOf(forwardedFor)).toBe(group);
});
