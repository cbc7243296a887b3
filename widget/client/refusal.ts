/** Reading what a refused handshake says. */

import type { ErrorCode, Refusal } from '../../shared/errors.ts'

/** Codes of handshakes that a service may send without saying what to do about them. */
const REFRESH: readonly string[] = [
  'ticket_missing',
  'ticket_invalid',
  'ticket_expired',
  'session_expired',
] satisfies ErrorCode[]
const LATER: readonly string[] = [
  'busy',
  'internal',
  'rate_limited',
  'too_many_sockets',
] satisfies ErrorCode[]

/** Undefined where it is no refusal of ours: then it was the network, or a proxy. */
export function refusalIn(data: unknown): Refusal | undefined {
  if (typeof data !== 'object' || data === null || !('code' in data)) return undefined
  const refusal = data as Partial<Refusal> & Pick<Refusal, 'code'>
  const { code } = refusal
  const retry = REFRESH.includes(code) ? 'refresh' : LATER.includes(code) ? 'later' : 'never'
  return { ok: false, retry, ...refusal }
}
