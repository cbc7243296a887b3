/** The programs that come with Redis, for what the bench asks of a server by hand. */

import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Beside the server where that has a path of its own. */
export const redisProgram = (name: 'redis-benchmark' | 'redis-cli'): string => {
  const server = process.env.REDIS_SERVER_BIN ?? ''
  return server.includes('/') ? join(dirname(server), name) : name
}

/** One command, as a client would send it, which an inline command cannot. */
export const askRedis = async (port: number, command: readonly string[]): Promise<string> =>
  (await run(redisProgram('redis-cli'), ['-p', String(port), ...command])).stdout
