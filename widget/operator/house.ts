/** Facts of the brand that many pages need: time zone, worth of a point, tiers, and the names of rewards. */

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Action } from '../../shared/receipt.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import type { Runtime } from '../client/index.ts'
import type { Api } from './api.ts'
import { HOUSE_EVERY_MS, RETRY_MS } from './limits.ts'

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
  /** Undefined until they have been read. */
  facts: ReadonlySignal<Facts | undefined>
  stop(): void
}

const factsOf = ({ version, book }: { version: number; book: Rulebook }): Facts => ({
  version,
  timeZone: book.timeZone,
  pointValueFen: book.pointValueFen,
  rungs: book.ladder.rungs,
  daily: book.earn.flatMap(({ id, action, enabled, points, caps: { perDay } }) =>
    enabled && points > 0 && perDay !== undefined ? [{ rule: id, action, perDay }] : [],
  ),
})

export function createHouse(api: Api, runtime: Runtime): House {
  const facts = signal<Facts | undefined>(undefined)
  let cancel = () => {}
  let stopped = false
  async function read(): Promise<void> {
    const answer = await api.get<{ version: number; book: Rulebook }>('/v1/rulebook')
    if (stopped) return
    if (answer.ok && answer.version !== facts.value?.version) facts.value = factsOf(answer)
    cancel = runtime.after(facts.value ? HOUSE_EVERY_MS : RETRY_MS, () => void read())
  }
  void read()
  return {
    facts,
    stop: () => {
      stopped = true
      cancel()
    },
  }
}
