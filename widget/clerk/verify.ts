/** Whether a QR code is good, found out on the phone itself: who signed it, for which point, until when. */

import { type PickupTicket, readTicket } from '../../shared/pickup.ts'
import type { PickupPointView } from '../../shared/rewards.ts'

export type Verified =
  | { ok: true; ticket: PickupTicket }
  | {
      ok: false
      /** `foreign`: no code of ours. `forged`: not signed by the service. `cannot`: this browser verifies nothing. */
      why: 'foreign' | 'forged' | 'elsewhere' | 'over' | 'cannot'
    }

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' }

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))

/** `subtle` is missing where the page did not come by https. */
export async function verifyCode(
  qr: string,
  { keys, point }: Pick<PickupPointView, 'keys' | 'point'>,
  { nowMs, subtle }: { nowMs: number; subtle: SubtleCrypto | undefined },
): Promise<Verified> {
  const found = readTicket(qr)
  if (!found) return { ok: false, why: 'foreign' }
  if (!subtle) return { ok: false, why: 'cannot' }
  const { ticket, signed, signature } = found
  const text = new TextEncoder().encode(signed)
  let good = false
  for (const { jwk } of keys) {
    const key = await subtle.importKey('jwk', jwk, CURVE, false, ['verify'])
    good ||= await subtle.verify(SIGNING, key, bytesOf(signature), text)
  }
  if (!good) return { ok: false, why: 'forged' }
  if (ticket.point !== point) return { ok: false, why: 'elsewhere' }
  return nowMs > ticket.untilMs ? { ok: false, why: 'over' } : { ok: true, ticket }
}
