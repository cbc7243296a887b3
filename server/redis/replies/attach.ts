/**
 * Puts the reader of replies before the client's parser. Everything that is not the client's public side is named here;
 * where it is not found as it was known, nothing is attached, and the client reads all replies itself.
 */

import type { Redis } from 'ioredis'
import { ReplyReader, type Taker } from './reader.ts'

/** What has been sent and not answered, the oldest first. */
interface Waiting {
  peekFront(): { command: unknown } | undefined
}

const waitingOf = (redis: Redis): Waiting | undefined => {
  const { commandQueue } = redis as unknown as { commandQueue?: Partial<Waiting> }
  return typeof commandQueue?.peekFront === 'function' ? (commandQueue as Waiting) : undefined
}

const isTaker = (command: unknown): command is Taker =>
  typeof command === 'object' && command !== null && 'take' in command

function takerOf(redis: Redis): Taker | undefined {
  const command = waitingOf(redis)?.peekFront()?.command
  return isTaker(command) ? command : undefined
}

/** For the stream that the connection has now; each one that it will have wants it anew. */
export function attachReader(redis: Redis): void {
  const { stream } = redis
  // The parser comes before whatever else listens.
  const [parse] = stream.listeners('data') as ((bytes: Buffer) => void)[]
  if (!parse || !waitingOf(redis)) return
  const reader = new ReplyReader({ parse, taker: () => takerOf(redis) })
  stream.off('data', parse)
  stream.prependListener('data', (chunk: Buffer) => reader.read(chunk))
}
