/** Where somebody comes from: what limits count as one, and two in the same place told without knowing which it is. */

import { isIPv4, isIPv6 } from 'node:net'
import { hmacSha256 } from './hmac.ts'

const LENGTH = 16
const GROUPS = 8
/** Of an IPv6 address; the rest is the device's, which has more of them than anybody can count. */
const NETWORK_GROUPS = 4
/** Before the two groups of an IPv4 address that is written as an IPv6 one. */
const MAPPED = '0:0:0:0:0:ffff'
/** Some proxies write the port as well. */
const WITH_PORT = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+))(?::\d+)?$/

/** In lower case and without zeros in front. */
function groupsOf(ip: string): string[] {
  const [head = '', tail = ''] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail)]
  return [...before, ...Array<string>(GROUPS - before.length - after.length).fill('0'), ...after]
}

/** An IPv4 address itself, of an IPv6 one the first of its network; undefined where the text is neither. */
function partOf(text: string): string | undefined {
  const { v4, v6 } = WITH_PORT.exec(text)?.groups ?? {}
  const ip = v4 ?? v6 ?? text
  if (isIPv4(ip)) return ip
  if (!isIPv6(ip) || ip.includes('%')) return undefined
  const groups = groupsOf(ip)
  if (groups.slice(0, -2).join(':') === MAPPED)
    return groups
      .slice(-2)
      .map((group) => Number.parseInt(group, 16))
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::`
}

/**
 * The place that a request comes from, as limits count it: the peer's, or with `hops` trusted proxies in front the one
 * that the outermost of them saw. What a client writes into the header itself stands further left and is not believed.
 */
export function placeOf(peer: string, forwarded: string | undefined, hops: number): string {
  const list = (forwarded ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const address = hops === 0 ? peer : (list.at(-hops) ?? list[0] ?? peer)
  return partOf(address) ?? address
}

/** Equal for equal networks, also of what `placeOf` answers; undefined where the text is no address. */
export function networkOf(pepper: Buffer, place: string): string | undefined {
  const part = partOf(place)
  return part === undefined ? undefined : hmacSha256(pepper, `network ${part}`).slice(0, LENGTH)
}
