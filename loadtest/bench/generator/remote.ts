/** The bench's end of a generator. */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { onCore } from '../../processes/children.ts'
import type { Answered, Wishes, WishName } from './wishes.ts'

/** Longer than any wish may take. */
const ANSWER_MS = 240_000

export interface Generator {
  pid: number
  ask<N extends WishName>(name: N, wish: Wishes[N]['wish']): Promise<Wishes[N]['answer']>
  stop(): Promise<void>
}

/** Starts a generator on one core. `program` is its bundle. */
export function startGenerator(program: string, core: number): Generator {
  const [execPath = process.execPath, ...execArgv] = onCore(core, process.execPath)
  const child = fork(program, { execPath, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return {
    pid: child.pid ?? 0,
    ask: (name, wish) => ask(child, { name, wish }),
    async stop() {
      if (child.exitCode !== null) return
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function ask<Answer>(
  child: ChildProcess,
  asked: { name: WishName; wish: object },
): Promise<Answer> {
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(ANSWER_MS)])
  try {
    const answer = once(child, 'message', { signal }) as Promise<[Answered]>
    const gone = once(child, 'exit', { signal }).then((): never => {
      throw new Error(`the generator ended during ${asked.name}`)
    })
    child.send(asked)
    const [answered] = await Promise.race([answer, gone])
    if ('fault' in answered) throw new Error(`${asked.name}: ${answered.fault}`)
    return answered.answer as Answer
  } finally {
    done.abort()
  }
}
