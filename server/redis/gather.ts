/** Commands of one turn of the loop leave in one write: under load a write costs more than most commands. */

import { afterThisTurn } from '../kernel/index.ts'

interface Stream {
  write(...args: never[]): boolean
  cork(): void
  uncork(): void
}

/** Holds what is written until the turn is over; one connection of Redis has many streams in its life. */
export function gatherWrites(stream: Stream): void {
  const write = stream.write.bind(stream)
  let held = false
  stream.write = (...args) => {
    if (!held) {
      held = true
      stream.cork()
      afterThisTurn(() => {
        held = false
        stream.uncork()
      })
    }
    return write(...args)
  }
}
