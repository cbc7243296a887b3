/** Where somebody comes from, so that two who come from the same place can be told without knowing which it is. */

import { hmacSha256 } from './hmac.ts'

const LENGTH = 16
const GROUPS = 8
/** Of an IPv6 address; the rest is the device's, and changes. */
const NETWORK_GROUPS = 4

function expanded(ip: string): string[] {
  const [head = '', tail] = ip.toLowerCase().split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  return [...before, ...Array<string>(GROUPS - before.length - after.length).fill('0'), ...after]
}

/** The address itself, or the first half of an IPv6 one. */
function partOf(ip: string): string {
  if (ip.includes('.')) return ip.slice(ip.lastIndexOf(':') + 1)
  return expanded(ip)
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

/** Equal for equal networks; undefined where the text is no address. */
export function networkOf(pepper: Buffer, ip: string): string | undefined {
  if (!/^[0-9A-Fa-f.:]{2,45}$/.test(ip) || ip.split(':').length > GROUPS + 1) return undefined
  return hmacSha256(pepper, `network ${partOf(ip)}`).slice(0, LENGTH)
}
