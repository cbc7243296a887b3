/** Scores through the product's own code and packed arguments, in a process of its own. */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { onCore } from '../processes/children.ts'
import { LOAD_CORE } from './machine.ts'

const PROGRAM = ['server/run.mjs', 'server/scoring/score.bench.ts']

export class ScoreDriver {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: Interface

  private constructor(redisPort: number, batch: number) {
    const [command = process.execPath, ...first] = onCore(LOAD_CORE, process.execPath)
    const redis = ['--redis', `redis://127.0.0.1:${redisPort}`]
    const args = [...first, ...PROGRAM, ...redis, '--batch', String(batch)]
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#child.stdout })
    // Its input ends with this process, and then it ends by itself.
  }

  /** `batch`: viewers of a call. */
  static async start(redisPort: number, batch: number): Promise<ScoreDriver> {
    const driver = new ScoreDriver(redisPort, batch)
    await driver.#line()
    return driver
  }

  /** Makes so many calls, each of a full batch; answers the number of viewers scored. */
  async score(calls: number): Promise<number> {
    this.#child.stdin.write(`${calls}\n`)
    return (JSON.parse(await this.#line()) as { viewers: number }).viewers
  }

  async #line(): Promise<string> {
    const gone = once(this.#child, 'exit').then((): never => {
      throw new Error('the program that scores ended')
    })
    const [line] = (await Promise.race([once(this.#lines, 'line'), gone])) as [string]
    return line
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }
}
