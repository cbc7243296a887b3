/**
 * The crowd as a program of its own, so that its work is not the service's: one JSON argument, then one JSON
 * order a line on standard input. It ends when its input does, so it never outlives whoever started it.
 *
 *   node dist/bots/main.js '{"url":"http://127.0.0.1:7071","ticketUrl":"http://127.0.0.1:7070/v1/demo/ticket","count":50,"seed":1}'
 *   {"count":80}
 *   {"stats":true}
 */

import { createInterface } from 'node:readline'
import type { BotIdentity } from './bot.ts'
import { startCrowd } from './crowd.ts'

interface Order {
  count?: number
  /** Answered with one line on standard output. */
  stats?: boolean
}

interface Start {
  url: string
  /** Answers `POST {viewer, name}` with `{ticket}`. */
  ticketUrl: string
  count: number
  seed: number
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function readStart(text: string | undefined): Start {
  const start: unknown = JSON.parse(text ?? 'null')
  if (
    !isRecord(start) ||
    typeof start.url !== 'string' ||
    typeof start.ticketUrl !== 'string' ||
    typeof start.count !== 'number' ||
    typeof start.seed !== 'number'
  ) {
    throw new Error('expected {"url", "ticketUrl", "count", "seed"}')
  }
  const { url, ticketUrl, count, seed } = start
  return { url, ticketUrl, count, seed }
}

function readOrder(line: string): Order {
  const order: unknown = JSON.parse(line)
  if (!isRecord(order)) return {}
  const { count, stats } = order
  return { ...(typeof count === 'number' && { count }), ...(stats === true && { stats }) }
}

async function askTicket(ticketUrl: string, bot: BotIdentity): Promise<string> {
  const response = await fetch(ticketUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bot),
  })
  const answer: unknown = await response.json()
  if (isRecord(answer) && typeof answer.ticket === 'string') return answer.ticket
  throw new Error(`no ticket: ${response.status}`)
}

function run(): void {
  const { ticketUrl, ...options } = readStart(process.argv[2])
  const crowd = startCrowd({ ...options, getTicket: (bot) => askTicket(ticketUrl, bot) })
  const input = createInterface({ input: process.stdin })
  input.on('line', (line) => {
    const { count, stats } = readOrder(line)
    if (count !== undefined) crowd.resize(count)
    if (stats) process.stdout.write(`${JSON.stringify(crowd.stats())}\n`)
  })
  input.on('close', () => {
    crowd.stop()
    process.exit(0)
  })
}

run()
