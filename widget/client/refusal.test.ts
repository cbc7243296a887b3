import { describe, expect, it } from 'vitest'
import { ERRORS, type ErrorCode, refuse } from '../../shared/errors.ts'
import { refusalIn } from './refusal.ts'

/** What a gateway may refuse a handshake with. */
const HANDSHAKE: ErrorCode[] = [
  'bad_request',
  'busy',
  'forbidden',
  'internal',
  'not_found',
  'protocol_unsupported',
  'rate_limited',
  'room_ended',
  'room_not_found',
  'session_expired',
  'ticket_expired',
  'ticket_invalid',
  'ticket_missing',
  'ticket_revoked',
  'too_many_sockets',
]

describe('refused handshakes', () => {
  it.each(HANDSHAKE)('[CL16] %s means the same with and without its retry', (code) => {
    expect(refusalIn({ code })).toEqual({ ok: false, code, retry: ERRORS[code].retry })
    expect(refusalIn(refuse(code, { afterMs: 5 }))).toEqual(refuse(code, { afterMs: 5 }))
  })

  it.each([undefined, null, 'busy', 7, {}, { retry: 'never' }])(
    '[CL16] %j is no refusal',
    (data) => {
      expect(refusalIn(data)).toBeUndefined()
    },
  )
})
