/** A socket factory that watches: times connections and answers, and can cut what it opened. */

import type { Scored } from '../../shared/account-state.ts'
import type { Welcome } from '../../shared/protocol/index.ts'
import type { RoomPulse } from '../../shared/room-state.ts'
import type { ClientSocket, SocketFactory } from '../../widget/client/socket.ts'

const isScored = (answer: object): answer is Scored => 'account' in answer && 'receipts' in answer

export interface Observer {
  welcomed(welcome: Welcome, tookMs: number): void
  pulsed(pulse: RoomPulse): void
  /** A command leaves, maybe not for the first time. */
  left(seq: number): void
  /** The server says that it has applied it just now. */
  credited(seq: number, epoch: string): void
}

export function observe(factory: SocketFactory, now: () => number, observer: Observer) {
  let cutOpen: (() => void) | undefined

  const observed: SocketFactory = (url, auth, handlers) => {
    const openedAtMs = now()
    const socket = factory(url, auth, {
      received(...incoming) {
        const [name, body] = incoming
        if (name === 'session.welcomed') observer.welcomed(body, now() - openedAtMs)
        if (name === 'room.pulsed') observer.pulsed(body)
        handlers.received(...incoming)
      },
      closed(refusal) {
        cutOpen = undefined
        handlers.closed(refusal)
      },
    })
    cutOpen = () => {
      cutOpen = undefined
      socket.close()
      handlers.closed()
    }
    return {
      send(name, input, acked) {
        const seq = 'seq' in input ? input.seq : undefined
        if (seq !== undefined) observer.left(seq)
        socket.send(name, input, (answer) => {
          if (seq !== undefined && isScored(answer) && answer.dup !== true)
            observer.credited(seq, answer.account.epoch)
          acked(answer)
        })
      },
      close() {
        cutOpen = undefined
        socket.close()
      },
    } satisfies ClientSocket
  }

  return {
    factory: observed,
    /** Breaks the connection there is, without a word to the server. */
    cut: () => cutOpen?.(),
  }
}
