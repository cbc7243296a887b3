/** Programs that a load run starts, and that end with it. */

import { type ChildProcess, spawn } from 'node:child_process'

const OUTPUT_MAX = 20_000
const STOP_MS = 10_000
const READY_MS = 60_000

export interface Child {
  name: string
  pid: number
  /** SIGTERM, and SIGKILL for what does not listen. */
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export interface Program {
  name: string
  command: string
  args: readonly string[]
  env: Record<string, string | undefined>
  /** Text that it prints when it is ready. */
  readyText: string
  /** The only core that it may use; Linux only. */
  core?: number
}

/** The command that keeps a program on one core. */
export const onCore = (core: number | undefined, command: string): string[] =>
  core === undefined ? [command] : ['taskset', '-c', String(core), command]

/** Resolves when the program says that it is ready; rejects with its words where it ends before. */
export async function startChild(program: Program): Promise<Child> {
  const [command = program.command, ...first] = onCore(program.core, program.command)
  const child = spawn(command, [...first, ...program.args], {
    env: program.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const gone = new Promise<void>((done) => {
    child.once('close', () => {
      running.delete(child)
      done()
    })
  })
  let output = ''
  await new Promise<void>((ready, fail) => {
    let said = false
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`${program.name} was not ready within ${READY_MS} ms:\n${output}`))
    }, READY_MS)
    const hear = (chunk: Buffer) => {
      if (said) return
      output = (output + chunk).slice(-OUTPUT_MAX)
      if (!output.includes(program.readyText)) return
      said = true
      clearTimeout(late)
      ready()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const ended = (why: Error) => {
      clearTimeout(late)
      fail(why)
    }
    child.once('error', ended)
    child.once('close', (code) =>
      ended(new Error(`${program.name} ended with ${code}:\n${output}`)),
    )
  })
  return {
    name: program.name,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await gone
      clearTimeout(late)
    },
  }
}
