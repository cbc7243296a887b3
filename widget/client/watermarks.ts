/** One answer for all commands that the server scored together, instead of one each: fewer frames, the same promises. */

import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { Applied, CommandsScored } from '../../shared/protocol/index.ts'
import { SESSION_WINDOW } from '../../shared/protocol/limits.ts'
import type { ClientSocket, Incoming, SocketFactory, TellingFactory } from './socket.ts'

type Acked = (answer: Scored | Refusal) => void

const isApplied = ({ high, mask }: Applied, seq: number): boolean =>
  seq <= high && high - seq < SESSION_WINDOW && ((mask >>> (high - seq)) & 1) === 1

/** The same connection with answers by watermark, where the server has agreed to it in its welcome. */
export const withWatermarks =
  (factory: TellingFactory): SocketFactory =>
  (url, auth, handlers) => {
    /** By number; those that left without an acknowledgement. */
    const waiting = new Map<number, Acked>()
    let agreed = false

    const answer = (seq: number, said: Scored | Refusal) => {
      const acked = waiting.get(seq)
      waiting.delete(seq)
      acked?.(said)
    }

    function scored({ applied, receipts, account, atMs }: CommandsScored): void {
      for (const seq of [...waiting.keys()]) {
        if (!isApplied(applied, seq)) continue
        const own = receipts.filter((receipt) => receipt.seq === seq)
        // Every command that is applied has a receipt, the first time.
        const dup = own.length > 0 ? {} : { dup: true as const }
        answer(seq, { ok: true, ...dup, account, receipts: own, atMs })
      }
    }

    function received(...incoming: Incoming): void {
      const [name, body] = incoming
      if (name === 'commands.scored') return scored(body)
      if (name === 'command.refused') return answer(body.seq, body.refusal)
      if (name === 'session.welcomed') agreed = body.acks === 'watermark'
      handlers.received(...incoming)
    }

    const socket = factory(
      url,
      { ...auth, acks: 'watermark' },
      { received, closed: handlers.closed },
    )
    const send: ClientSocket['send'] = (name, input, acked) => {
      if (!agreed || !('seq' in input)) return socket.send(name, input, acked)
      waiting.set(input.seq, acked as unknown as Acked)
      socket.tell(name, input)
    }
    return { send, close: socket.close }
  }
