/**
 * Which addresses a webhook may reach. A merchant names the host, so without this anybody with an API key could make
 * the worker call what only it can reach: its own machine, the network around it, the metadata service of its cloud.
 */

import { lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** IPv4 that is not of the public internet (IANA special-purpose registry), and Azure's host, which looks public. */
const CLOSED_V4: readonly [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** All of IPv6 that is routed lies in here; what is not (loopback, mapped, local, NAT64, multicast) is closed. */
const OPEN_V6: [network: string, bits: number] = ['2000::', 3]
/** And within it: protocol assignments with Teredo, documentation, 6to4, which carries any IPv4 address. */
const CLOSED_V6: readonly [network: string, bits: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
]

const closed4 = new BlockList()
for (const [network, bits] of CLOSED_V4) closed4.addSubnet(network, bits, 'ipv4')
const open6 = new BlockList()
open6.addSubnet(...OPEN_V6, 'ipv6')
const closed6 = new BlockList()
for (const [network, bits] of CLOSED_V6) closed6.addSubnet(network, bits, 'ipv6')

/** True where an IP address is one of the public internet; false for anything else, also for what is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !closed4.check(address, 'ipv4')
    case 6:
      // A zone means an interface of this machine.
      if (address.includes('%')) return false
      return open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6')
    default:
      return false
  }
}

/** The host of a URL as an address, or undefined where it is a name. */
export function literalAddress({ hostname }: URL): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return isIP(bare) === 0 ? undefined : bare
}

export class ClosedAddress extends Error {
  override name = 'ClosedAddress'
  readonly code = 'ECLOSEDADDRESS'
}

/**
 * Resolves a name for the connection that follows, and refuses where any of its addresses is not public. As it is
 * asked when the socket is opened, a name that changed since somebody looked is of no use.
 */
export function guardedLookup(resolve: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const none = options.all ? [] : ''
      if (error) return callback(error, none)
      const all = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }]
      const [first] = all
      if (!first || !all.every(({ address }) => isPublicAddress(address)))
        return callback(new ClosedAddress(`${hostname} has an address that is not public`), none)
      if (options.all) callback(null, all)
      else callback(null, first.address, first.family)
    })
  }
}
