/** Commands of one turn of the loop leave in one write: under load a write costs more than most commands. */

import type { Redis } from 'ioredis'
import { afterThisTurn } from '../kernel/index.ts'
import type { Store } from './script.ts'
import { isCluster } from './topology.ts'

interface Stream {
  write(...args: never[]): boolean
  cork(): void
  uncork(): void
}

/** Holds what is written until the turn is over; one connection of Redis has many streams in its life. */
function gatherWrites(stream: Stream): void {
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

/** Every stream that the connection ever has; of a cluster, those of every node. */
export function gatherCommands(store: Store): void {
  const gather = (node: Redis): void => {
    node.on('connect', () => gatherWrites(node.stream))
  }
  if (isCluster(store)) store.on('+node', gather)
  else gather(store)
}
