/** Brings messages to the API, signed as the merchant whose key it holds, and says what became of them. */

import { z } from 'zod'
import { type ApiKey, SIGNATURE_HEADER, signRequest } from '../identity/index.ts'
import { type Clock, type Log, randomShare } from '../kernel/index.ts'
import { POST_MS, WAIT_MAX_MS, WAIT_MIN_MS } from './limits.ts'
import { fieldIn, type Message } from './message.ts'
import * as metrics from './metrics.ts'

/** Why a message was not taken. */
export interface Refused {
  code: string
  field?: string
  errorId?: string
}

export type Outcome =
  /** Applied, as the API says it; `answer` is what it said. */
  | { tag: 'taken'; answer: Record<string, unknown> }
  /** The same message would be refused again. */
  | { tag: 'refused'; why: Refused }
  /** This one message cannot be taken now; others can. */
  | { tag: 'later'; why: Refused }
  /** The process ends; nobody knows whether it was taken. */
  | { tag: 'stopped' }

const Reply = z.union([
  z.looseObject({ ok: z.literal(true), dup: z.literal(true).optional() }),
  z.object({
    ok: z.literal(false),
    code: z.string(),
    retry: z.string(),
    field: z.string().optional(),
    afterMs: z.number().optional(),
    errorId: z.string().optional(),
  }),
])
type Reply = z.infer<typeof Reply>
type RefusedReply = Extract<Reply, { ok: false }>

interface Answered {
  /** Of HTTP; 0 where nothing that speaks our language answered. */
  status: number
  reply: Reply
}

interface CourierDeps {
  /** Origin of the API. */
  api: string
  key: Pick<ApiKey, 'kid' | 'key'>
  clock: Clock
  log: Log
}

const UNREACHABLE: Answered = {
  status: 0,
  reply: { ok: false, code: 'unreachable', retry: 'later' },
}
/** Answers that say nothing about the message: nobody there, our key is not known, too much at once, away. */
const ABOUT_US: ReadonlySet<number> = new Set([UNREACHABLE.status, 401, 429, 503])

export class Courier {
  readonly #deps: CourierDeps
  #trouble = ''

  constructor(deps: CourierDeps) {
    this.#deps = deps
  }

  /** What keeps the API from taking anything; empty where nothing does. */
  get trouble(): string {
    return this.#trouble
  }

  /**
   * Asks until the API has decided about this message: while it is away, busy or does not know our key, no message is
   * to blame, and this one waits. Repeating it is safe, by the message's id.
   */
  async deliver(message: Message, signal: AbortSignal): Promise<Outcome> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const { status, reply } = await this.#post(message, signal)
      if (signal.aborted) break
      if (reply.ok) {
        this.#tell('')
        metrics.taken.inc({ kind: message.kind, repeat: reply.dup ? 'yes' : 'no' })
        return { tag: 'taken', answer: reply }
      }
      const isAboutUs = ABOUT_US.has(status)
      this.#tell(isAboutUs ? reply.code : '')
      if (!isAboutUs) return judge(message, reply)
      metrics.waits.inc({ code: reply.code })
      await this.#deps.clock.sleep(waitMs(attempt, reply.afterMs), signal)
    }
    return { tag: 'stopped' }
  }

  async #post({ id, path, body }: Message, signal: AbortSignal): Promise<Answered> {
    const { api, key, clock } = this.#deps
    const text = JSON.stringify(body)
    const signature = signRequest(key, { method: 'POST', path, body: text, nowMs: clock.now() })
    try {
      const response = await fetch(`${api}${path}`, {
        method: 'POST',
        headers: {
          [SIGNATURE_HEADER]: signature,
          'content-type': 'application/json',
          'idempotency-key': id,
        },
        body: text,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(POST_MS)]),
      })
      const parsed = Reply.safeParse(await response.json())
      return parsed.success ? { status: response.status, reply: parsed.data } : UNREACHABLE
    } catch {
      return UNREACHABLE
    }
  }

  #tell(code: string): void {
    if (code === this.#trouble) return
    this.#trouble = code
    if (code === '') this.#deps.log.info('the API takes messages')
    else this.#deps.log.warn({ code }, 'the API takes no messages; they wait')
  }
}

/** What a refusal means for the message that it is about. */
function judge(message: Message, { code, retry, field, errorId }: RefusedReply): Outcome {
  const why = {
    code,
    ...(field !== undefined && { field: fieldIn(message, field) }),
    ...(errorId !== undefined && { errorId }),
  }
  // The order may still be on its way, with another consumer.
  const early = message.kind === 'refund' && code === 'not_found'
  return { tag: retry === 'later' || early ? 'later' : 'refused', why }
}

/** Twice as long each time, up to the longest wait, and never the same for all who wait. */
const waitMs = (attempt: number, afterMs = 0): number =>
  Math.max(afterMs, Math.min(WAIT_MIN_MS * 2 ** Math.min(attempt, 10), WAIT_MAX_MS)) *
  (0.5 + randomShare() / 2)
