/** What many pages need of the brand: rules, the catalogue with its stock, dead letters, invites to look at. */

import type { Action } from '../../shared/receipt.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import type { Runtime } from '../client/index.ts'
import type { Answer, Api } from './api.ts'
import type { HeldList } from './invites/read.ts'
import { DEAD_EVERY_MS, HOUSE_EVERY_MS, STOCK_EVERY_MS } from './limits.ts'
import { createReading, type Reading } from './reading.ts'
import type { Listed } from './stock/listed.ts'
import type { DeadPage } from './webhooks/read.ts'

export interface Facts {
  version: number
  timeZone: string
  /** Hundredths of a yuan. */
  pointValueFen: number
  rungs: Rulebook['ladder']['rungs']
  /** Of the rules that pay, those with a daily limit. */
  daily: { rule: string; action: Action; perDay: number }[]
}

export interface House {
  facts: Reading<Facts>
  shelf: Reading<{ rewards: Listed[] }>
  dead: Reading<DeadPage>
  held: Reading<HeldList>
  stop(): void
}

async function readFacts(api: Api): Promise<Answer<Facts>> {
  const answer = await api.get<{ version: number; book: Rulebook }>('/v1/rulebook')
  if (!answer.ok) return answer
  const { version, book } = answer
  return {
    ok: true,
    version,
    timeZone: book.timeZone,
    pointValueFen: book.pointValueFen,
    rungs: book.ladder.rungs,
    daily: book.earn.flatMap(({ id, action, enabled, points, caps: { perDay } }) =>
      enabled && points > 0 && perDay !== undefined ? [{ rule: id, action, perDay }] : [],
    ),
  }
}

export function createHouse(api: Api, runtime: Runtime): House {
  const facts = createReading({ read: () => readFacts(api), everyMs: HOUSE_EVERY_MS, runtime })
  const shelf = createReading({
    read: () => api.get<{ rewards: Listed[] }>('/v1/rewards'),
    everyMs: STOCK_EVERY_MS,
    runtime,
  })
  const dead = createReading({
    read: () => api.get<DeadPage>('/v1/webhooks/dead'),
    everyMs: DEAD_EVERY_MS,
    runtime,
  })
  const held = createReading({
    read: () => api.get<HeldList>('/v1/invites/held'),
    everyMs: HOUSE_EVERY_MS,
    runtime,
  })
  return {
    facts,
    shelf,
    dead,
    held,
    stop: () => {
      for (const reading of [facts, shelf, dead, held]) reading.stop()
    },
  }
}
