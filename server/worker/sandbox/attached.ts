/**
 * A dry run in a process of its own, for a worker that goes on meanwhile. The book goes in as the first line; what comes
 * out is a line of JSON for each step and one for the end. Ends when the worker does, because its input ends then.
 */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { DryRunEnd, DryRunProgress, DryRunReport } from '../../../shared/dry-run.ts'
import { Rulebook } from '../../../shared/rulebook/schema.ts'
import type { PlayDryRun } from './chore.ts'
import { DryRunEnded } from './run.ts'
import { NoScratch } from './scratch.ts'

export type AttachedLine =
  | { progress: DryRunProgress }
  | { report: DryRunReport }
  | { why: DryRunEnd; text: string }

/** `program` and `args` start this program; the command and its options come behind. */
export const playAttached =
  (program: string, args: readonly string[]): PlayDryRun =>
  ({ asked, book }, { progress, signal }) =>
    new Promise((resolve, reject) => {
      const { fromMs, toMs, room, oneOf } = asked
      const options = [
        '--attached',
        '--from',
        `${fromMs}`,
        '--to',
        `${toMs}`,
        '--one-of',
        `${oneOf}`,
      ]
      const child = spawn(
        program,
        [...args, 'dry-run', ...options, ...(room === undefined ? [] : ['--room', room])],
        { stdio: ['pipe', 'pipe', 'ignore'] },
      )
      let end: AttachedLine = { why: 'failed', text: 'it ended without a word' }
      createInterface(child.stdout).on('line', (text) => {
        const line = lineFrom(text)
        if (line && 'progress' in line) progress(line.progress)
        else if (line) {
          end = line
          child.stdin.end()
        }
      })
      child.once('error', reject)
      child.once('close', () => {
        if ('report' in end) resolve(end.report)
        else if ('why' in end) reject(new DryRunEnded(end.why, end.text))
        else reject(new DryRunEnded('failed'))
      })
      // Its input ends: it stops its Redis and itself.
      signal.addEventListener('abort', () => child.stdin.end())
      child.stdin.on('error', () => undefined)
      child.stdin.write(`${JSON.stringify(book)}\n`)
    })

/** Undefined where somebody else wrote it: a warning of the runtime, say. */
function lineFrom(text: string): AttachedLine | undefined {
  try {
    const line: AttachedLine = JSON.parse(text)
    return 'progress' in line || 'report' in line || 'why' in line ? line : undefined
  } catch {
    return undefined
  }
}

/** The other end: the book that is to be tried, and the end of the input. */
export async function attachedInput(): Promise<{ book: Rulebook; signal: AbortSignal }> {
  const lines = createInterface(process.stdin)
  const ended = new AbortController()
  lines.once('close', () => ended.abort())
  const line = await new Promise<string>((resolve) => lines.once('line', resolve))
  return { book: Rulebook.parse(JSON.parse(line)), signal: ended.signal }
}

export function endOf(error: unknown): { why: DryRunEnd; text: string } {
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof DryRunEnded) return { why: error.why, text }
  return { why: error instanceof NoScratch ? 'no_redis_server' : 'failed', text }
}
