/** One message of a queue: which call of the API it stands for. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { ID_PATTERN, IDEMPOTENCY_KEY_PATTERN } from '../../shared/ids.ts'
import { fieldOf, parseJson } from '../kernel/index.ts'
import { MESSAGE_BYTES_MAX } from './limits.ts'

/** Kinds of messages, by the field that holds what the API is asked. */
export const KINDS = ['event', 'refund', 'invite'] as const
export type Kind = (typeof KINDS)[number]

export interface Message {
  /** The idempotency key. */
  id: string
  kind: Kind
  /** Of the route. */
  path: string
  /** As the route's schema reads it; only the API knows whether it fits. */
  body: Record<string, unknown>
  /** Viewers and orders that it is about: messages that share one keep their order. */
  about: readonly string[]
}

const Body = z.record(z.string(), z.unknown())
const Envelope = z.strictObject({
  id: z.string().regex(IDEMPOTENCY_KEY_PATTERN),
  event: Body.optional(),
  refund: Body.optional(),
  invite: Body.optional(),
})

const bad = (field: string): Refusal => refuse('bad_request', { field })

/** Reads a message; a refusal names the field. */
export function readMessage(bytes: Uint8Array): { ok: true; message: Message } | Refusal {
  const json = bytes.length > MESSAGE_BYTES_MAX ? undefined : parseJson(bytes)
  if (!json) return bad('message')
  const parsed = Envelope.safeParse(json.value)
  if (!parsed.success) return bad(fieldOf(parsed.error, 'message'))
  const { id, ...bodies } = parsed.data
  const [kind, second] = KINDS.filter((name) => bodies[name] !== undefined)
  const body = kind && bodies[kind]
  if (!kind || !body) return bad('event')
  if (second) return bad(second)
  return toMessage(id, kind, body)
}

function toMessage(
  id: string,
  kind: Kind,
  body: Record<string, unknown>,
): { ok: true; message: Message } | Refusal {
  const { viewer, order = id, inviter, invited } = body
  const about = [
    ...[viewer, inviter, invited].flatMap((who) =>
      typeof who === 'string' ? [`viewer ${who}`] : [],
    ),
    ...(typeof order === 'string' ? [`order ${order}`] : []),
  ]
  const message = { id, kind, body, about }
  switch (kind) {
    case 'event':
      return { ok: true, message: { ...message, path: '/v1/events' } }
    case 'invite':
      return { ok: true, message: { ...message, path: '/v1/invites' } }
    case 'refund': {
      const { order: refunded, ...rest } = body
      // It becomes a part of the path.
      if (typeof refunded !== 'string' || !ID_PATTERN.test(refunded)) return bad('refund.order')
      return {
        ok: true,
        message: { ...message, path: `/v1/orders/${refunded}/refund`, body: rest },
      }
    }
    default:
      return kind satisfies never
  }
}

/** Where in the message the API's `field` is. */
export function fieldIn({ kind }: Pick<Message, 'kind'>, field: string): string {
  if (field === 'idempotency-key') return 'id'
  if (field === 'body') return kind
  // In the path of the route the order is its id.
  if (kind === 'refund' && field === 'id') return 'refund.order'
  return `${kind}.${field}`
}
