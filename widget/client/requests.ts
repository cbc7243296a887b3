/** Commands that are asked once and answered once: nothing is kept, a missing answer is `busy`. */

import type { Refusal } from '../../shared/errors.ts'
import type { Ack, CommandName, SentOf } from '../../shared/protocol/index.ts'
import { REQUEST_MS, REQUESTS_MAX } from './limits.ts'
import type { Runtime } from './runtime.ts'
import type { ClientSocket } from './socket.ts'

export const busy = (): Refusal => ({ ok: false, code: 'busy', retry: 'later' })

export function createRequests(runtime: Runtime, live: () => ClientSocket | undefined) {
  const open = new Set<() => void>()
  return {
    ask<N extends CommandName>(name: N, input: SentOf<N>): Promise<Ack<N> | Refusal> {
      const socket = live()
      if (!socket || open.size >= REQUESTS_MAX) return Promise.resolve(busy())
      return new Promise((resolve) => {
        const settle = (answer: Ack<N> | Refusal) => {
          open.delete(giveUp)
          stop()
          resolve(answer)
        }
        const giveUp = () => settle(busy())
        const stop = runtime.after(REQUEST_MS, giveUp)
        open.add(giveUp)
        socket.send(name, input, settle)
      })
    },
    /** The connection ended: whether the server acted is unknown, so the caller may ask again. */
    giveUp(): void {
      for (const giveUp of [...open]) giveUp()
    },
  }
}
