/** Messages as lines, each answered by a line, in their order: for any broker whose client writes to a pipe. */

import type { Clock } from '../kernel/index.ts'
import type { Courier, Outcome } from './courier.ts'
import { Lanes } from './lanes.ts'
import { MESSAGE_BYTES_MAX, PATIENCE_MS, TAKEN_MAX, WAIT_MAX_MS } from './limits.ts'
import { type Message, readMessage } from './message.ts'
import * as metrics from './metrics.ts'

interface LinesDeps {
  courier: Pick<Courier, 'deliver'>
  clock: Clock
  /** Ends it: what is not answered by then stays unanswered. */
  signal: AbortSignal
  /** Resolves when there is room for more. */
  write: (line: string) => Promise<void>
  /** How long what may come right by itself is waited for. */
  patienceMs?: number
}

const LINE_FEED = 10
const TAB = 9

/** Lines without their ends; of one that is too long as much as shows that. Ends with the input. */
export async function* splitLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const roomMax = 2 * MESSAGE_BYTES_MAX
  let parts: Uint8Array[] = []
  let size = 0
  const keep = (part: Uint8Array): void => {
    const kept = part.subarray(0, Math.max(0, roomMax - size))
    size += kept.length
    if (kept.length > 0) parts.push(kept)
  }
  const line = (): Buffer => {
    const whole = Buffer.concat(parts)
    parts = []
    size = 0
    return whole
  }
  for await (const chunk of input) {
    let from = 0
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      keep(chunk.subarray(from, at))
      yield line()
      from = at + 1
    }
    keep(chunk.subarray(from))
  }
  if (size > 0) yield line()
}

/** What stands before a tab is the broker's own name for the message, and comes back with its answer. */
function readLine(line: Buffer): { ref: string | undefined; json: Buffer } {
  const tab = line.indexOf(TAB)
  const hasRef = tab > 0 && !line.subarray(0, tab).includes('{')
  return hasRef
    ? { ref: line.subarray(0, tab).toString(), json: line.subarray(tab + 1) }
    : { ref: undefined, json: line }
}

/** Answers every line of the input that is not empty. Resolves to whether all were answered. */
export async function answerLines(
  input: AsyncIterable<Uint8Array>,
  deps: LinesDeps,
): Promise<boolean> {
  const lanes = new Lanes()
  const underWay: Promise<void>[] = []
  let written = Promise.resolve()
  let isWhole = true
  let number = 0
  for await (const line of splitLines(input)) {
    if (deps.signal.aborted) break
    number++
    if (line.toString('latin1').trim() === '') continue
    const { ref, json } = readLine(line)
    const head = { line: number, ...(ref !== undefined && { ref }) }
    const answer = answerTo(json, lanes, deps)
    written = written.then(async () => {
      const body = await answer
      // An answer behind one that is missing would be taken for all before it.
      if (body && isWhole) await deps.write(`${JSON.stringify({ ...head, ...body })}\n`)
      else isWhole = false
    })
    underWay.push(written)
    if (underWay.length >= TAKEN_MAX) await underWay.shift()
  }
  await written
  return isWhole && !deps.signal.aborted
}

async function answerTo(
  json: Buffer,
  lanes: Lanes,
  deps: LinesDeps,
): Promise<Record<string, unknown> | undefined> {
  const read = readMessage(json)
  if (!read.ok)
    return refusal({ code: read.code, ...(read.field !== undefined && { field: read.field }) })
  const { message } = read
  const outcome = await lanes.run(message.about, () => patiently(message, deps))
  const id = { id: message.id }
  if (outcome.tag === 'taken') return { ...id, ...outcome.answer }
  return outcome.tag === 'stopped' ? undefined : { ...id, ...refusal(outcome.why) }
}

function refusal(why: { code: string; field?: string }) {
  metrics.refused.inc({ code: why.code })
  return { ok: false, ...why }
}

/** Here nobody gives a message out again, so what may come right by itself is waited for. */
async function patiently(
  message: Message,
  { courier, clock, signal, patienceMs = PATIENCE_MS }: LinesDeps,
): Promise<Outcome> {
  const untilMs = clock.now() + patienceMs
  for (;;) {
    const outcome = await courier.deliver(message, signal)
    if (outcome.tag !== 'later' || clock.now() >= untilMs) return outcome
    await clock.sleep(Math.min(WAIT_MAX_MS, patienceMs / 4), signal)
  }
}
