/** A seeded crowd of bots in one room. */

import { seededRandom } from '../../shared/seeded.ts'
import { type ClientOptions, type Runtime, systemRuntime } from '../../widget/client/index.ts'
import { Bot, type BotIdentity, type CrowdStats } from './bot.ts'

/** Sockets of one process; more would measure the crowd and not the service. */
export const CROWD_MAX = 2000
/** Bots come one after the other, so many a second. */
const ARRIVALS_PER_SECOND = 20

export interface CrowdOptions {
  /** Of the gateway. */
  url: string
  /** Asked for each visit of each bot. */
  getTicket: (bot: BotIdentity) => Promise<string>
  /** Bots at the start, 0 to `CROWD_MAX`. */
  count: number
  /** The same seed makes the same bots with the same habits; the network decides the rest. */
  seed: number
  clock?: Runtime
  socketFactory?: ClientOptions['socketFactory']
}

export interface Crowd {
  /** Lets bots come or sends the last ones away. */
  resize(count: number): void
  stop(): void
  stats(): CrowdStats & { bots: number; online: number; personas: Record<string, number> }
}

export function startCrowd(options: CrowdOptions): Crowd {
  const { seed, clock: runtime = systemRuntime, getTicket, url, socketFactory } = options
  const random = seededRandom(seed)
  const bots: Bot[] = []
  const stats: CrowdStats = {
    visits: 0,
    taps: 0,
    comments: 0,
    shares: 0,
    scored: 0,
    points: 0,
    dropped: {},
  }
  let wanted = 0
  let stopTimer: (() => void) | undefined

  const come = () => {
    stopTimer = undefined
    if (bots.length >= wanted) return
    const bot = new Bot({
      number: bots.length,
      seed,
      runtime,
      getTicket,
      client: { url, ...(socketFactory && { socketFactory }) },
      stats,
    })
    bots.push(bot)
    bot.arrive()
    stopTimer = runtime.after((random() * 2 * 1000) / ARRIVALS_PER_SECOND, come)
  }
  const resize = (count: number) => {
    wanted = Math.max(0, Math.min(CROWD_MAX, Math.floor(count)))
    for (const bot of bots.splice(wanted)) bot.leave()
    if (!stopTimer) come()
  }
  resize(options.count)

  return {
    resize,
    stop: () => resize(0),
    stats: () => {
      const personas: Record<string, number> = {}
      for (const { persona } of bots) personas[persona.name] = (personas[persona.name] ?? 0) + 1
      const online = bots.filter((bot) => bot.online).length
      return { ...stats, bots: bots.length, online, personas }
    },
  }
}
