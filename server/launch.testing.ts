/** `npm start` as a process whose words can be waited for. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Launch {
  child: ChildProcess
  /** Everything it has said so far. */
  output(): string
  /** Resolves when the output holds `text`; rejects with the output when the launcher ends before. */
  says(text: string): Promise<void>
  /** Its exit code. */
  ended: Promise<number | null>
}

/** Starts the launcher `file` with `env` and nothing else in its environment. */
export function startLauncher(file: string, env: Record<string, string>): Launch {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const waiting = new Set<() => void>()
  const add = (chunk: Buffer) => {
    text += chunk
    for (const look of waiting) look()
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  return {
    child,
    output: () => text,
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!text.includes(wanted)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
        ended.then(() => reject(new Error(`ended without "${wanted}":\n${text}`)))
      }),
    ended,
  }
}

/** Ctrl-C for those that still run. */
export async function endAll(launches: Launch[]): Promise<void> {
  for (const { child, ended } of launches.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
    await ended
  }
}
