/** A small stand for tests: one room, its context, and viewers who act at given times. */

import type { Action } from '../../shared/receipt.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook, type RulebookInput } from '../../shared/rulebook/schema.ts'
import { createPartitions, openTestClock, type Store } from '../redis/index.ts'
import type { ViewerAnswer } from './answer.ts'
import { compileContext, type RoomContext } from './compile.ts'
import { type ScoredAction, type ScoreReply, score } from './score.ts'

export const START_MS = Date.UTC(2026, 4, 1, 4)

export const act = (
  seq: number,
  action: Action,
  more: Partial<ScoredAction> = {},
): ScoredAction => ({
  seq,
  action,
  units: 1,
  p1: 0,
  p2: 0,
  refused: 0,
  ...more,
})

export interface Acting {
  account: number
  session?: { startMs: number; nonce: number }
  personal?: number
  actions: ScoredAction[]
}

export function createBench(store: Store, change: Partial<RulebookInput> = {}, partitions = 1) {
  openTestClock()
  const book = Rulebook.parse({ ...PRESETS.live, quests: [], ...change })
  const places = createPartitions(partitions)
  const room: RoomContext = {
    live: 7,
    issuer: 1,
    rulebook: 1,
    book,
    profile: '',
    timeZone: 'Asia/Shanghai',
    heatLevel: 0,
    campaigns: [],
    tasks: [],
    validUntilMs: Number.MAX_SAFE_INTEGER % 2 ** 47,
  }
  return {
    book,
    room,
    places,
    /** All viewers must live in one partition. */
    async score(
      nowMs: number,
      viewers: Acting[],
      more: { allowance?: number; gateway?: number; journalMax?: number } = {},
    ): Promise<ScoreReply> {
      return score(store, {
        slot: places.slotOf(viewers[0]?.account ?? 0),
        gateway: more.gateway ?? 1,
        contexts: [compileContext(room, nowMs)],
        viewers: viewers.map((v) => ({
          account: v.account,
          live: room.live,
          context: 0,
          session: v.session ?? { startMs: START_MS, nonce: 1 },
          personal: v.personal ?? 1000,
          actions: v.actions,
        })),
        timeZone: book.timeZone,
        dailyPoints: book.dailyPoints ?? 0,
        allowance: more.allowance ?? -1,
        journalMax: more.journalMax ?? 1_000_000,
        nowMs,
        aroundMs: nowMs,
      })
    },
    /** One viewer, which must be answered. */
    async one(nowMs: number, viewer: Acting): Promise<Extract<ViewerAnswer, { status: 'ok' }>> {
      const reply = await this.score(nowMs, [viewer])
      const answer = reply.tag === 'scored' ? reply.answers[0] : undefined
      if (answer?.status !== 'ok') throw new Error(`answered ${answer?.status ?? reply.tag}`)
      return answer
    },
  }
}
