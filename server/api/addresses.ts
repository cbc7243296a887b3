/** Where a request comes from, and how much strangers may ask. */

import { ADDRESS_WINDOW_MS, ADDRESSES_MAX, OPEN_POSTS_PER_MINUTE } from './limits.ts'

const LOOPBACK = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/

const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/
/** What proxies add, some of them without being told to. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

/**
 * True where the request was made on this machine and not forwarded from elsewhere, as far as it can be seen: by what a proxy
 * adds, and by the host that was asked for. A proxy here that hides both makes everybody local.
 */
export const isLocal = ({ headers }: Request, peer: string): boolean =>
  LOOPBACK.test(peer) &&
  LOCAL_HOST.test(headers.get('host') ?? 'localhost') &&
  !FORWARDED.some((name) => headers.has(name))

/** Counts requests per address in windows of a minute. */
export class AddressLimit {
  readonly #seen = new Map<string, { count: number; endsAtMs: number }>()
  readonly #perWindow: number

  constructor(perWindow = OPEN_POSTS_PER_MINUTE) {
    this.#perWindow = perWindow
  }

  /** 0 where the request may pass, else milliseconds until the next one may. */
  take(address: string, nowMs: number): number {
    const seen = this.#seen.get(address)
    if (seen && seen.endsAtMs > nowMs) {
      seen.count++
      return seen.count > this.#perWindow ? seen.endsAtMs - nowMs : 0
    }
    // Set anew, the address moves to the end: the first one is the one that was quiet longest.
    this.#seen.delete(address)
    this.#seen.set(address, { count: 1, endsAtMs: nowMs + ADDRESS_WINDOW_MS })
    if (this.#seen.size > ADDRESSES_MAX) {
      const [oldest = ''] = this.#seen.keys()
      this.#seen.delete(oldest)
    }
    return 0
  }
}
