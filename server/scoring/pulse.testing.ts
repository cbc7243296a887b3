/** A room with a gateway that pulses, for tests. */

import type { Action } from '../../shared/receipt.ts'
import { DEFAULT_PRESET, PRESETS } from '../../shared/rulebook/presets.ts'
import {
  type PublishedRulebook,
  Rulebook,
  type RulebookInput,
} from '../../shared/rulebook/schema.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { createRoom, startLive } from '../rooms/index.ts'
import { pulse, pulseRules } from './pulse.ts'
import { NO_CURSOR, type PulseInput, type PulseResult } from './pulse-message.ts'

export const START_MS = 1_800_000_000_000

export function published(
  version = 1,
  heat: Partial<RulebookInput['heat']> = {},
): PublishedRulebook {
  const base: RulebookInput = PRESETS[DEFAULT_PRESET]
  const book = Rulebook.parse({ ...base, heat: { ...base.heat, ...heat } })
  return { version, publishedAtMs: START_MS, by: 'test', book }
}

let rooms = 0

/** A new room with an open live that began at START_MS; answers the room's id and the live's number. */
export async function openRoom(store: Store): Promise<{ room: string; live: number }> {
  const room = `room-${++rooms}`
  await createRoom(store, {
    id: room,
    name: 'Room',
    brand: 'acme',
    timeZone: 'Asia/Shanghai',
    nowMs: START_MS,
  })
  const started = await startLive(store, { room, nowMs: START_MS })
  if (!started.ok) throw new Error(started.code)
  return { room, live: started.live.no }
}

/** A gateway's side of one room: counts sequences and keeps the cursor. */
export class TestGateway {
  sequence = 0
  cursor = NO_CURSOR
  readonly rules = pulseRules(published())
  readonly store: Store
  readonly at: { room: string; live: number; gateway?: number; incarnation?: string }
  constructor(store: Store, at: TestGateway['at']) {
    this.store = store
    this.at = at
  }

  input(nowMs: number, part: Partial<PulseInput> = {}): PulseInput {
    return {
      room: this.at.room,
      live: this.at.live,
      gateway: this.at.gateway ?? 1,
      incarnation: this.at.incarnation ?? 'a',
      sequence: ++this.sequence,
      weight: 0,
      byAction: [],
      actors: [],
      audience: 0,
      board: [],
      comments: [],
      issued: 0,
      cursor: this.cursor,
      rules: this.rules,
      host: false,
      nowMs,
      ...part,
    }
  }

  async send(input: PulseInput): Promise<PulseResult> {
    const result = must(await pulse(this.store, input), 'the room')
    this.cursor = result.cursor
    return result
  }

  pulse(nowMs: number, part: Partial<PulseInput> = {}): Promise<PulseResult> {
    return this.send(this.input(nowMs, part))
  }
}

/** A gateway in a room of its own. */
export async function openGateway(
  store: Store,
  part: { gateway?: number; incarnation?: string } = {},
): Promise<TestGateway> {
  return new TestGateway(store, { ...(await openRoom(store)), ...part })
}

/** What likes of these accounts add to a pulse. */
export const likes = (weight: number, actors: string[] = ['ann', 'bob', 'cat']) => ({
  weight,
  byAction: [['like', weight]] as [Action, number][],
  actors,
})

export const TASK = {
  requestId: 'request-1',
  action: 'share',
  goal: 1,
  points: 100,
  growth: 0,
  seconds: 60,
  title: { zh: '任务', en: 'Task' },
} as const

export const CAMPAIGN = {
  requestId: 'request-2',
  action: 'share',
  factor: 2,
  seconds: 60,
  title: { zh: '双倍', en: 'Double' },
} as const
