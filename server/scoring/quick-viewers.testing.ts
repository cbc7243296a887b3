/** Viewers who mostly do one thing at a time: what the short cut of the scoring script is for. */

import { Quests } from '../../shared/rulebook/quests.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { MINUTE_MS } from '../../shared/time.ts'
import { must } from '../kernel/index.ts'
import { createPartitions } from '../redis/index.ts'
import { accountKey, journalKey, totalsKey } from '../wallet/index.ts'
import { compileContext, type RoomContext } from './compile.ts'
import { brownoutAt, randomBooks, randomCampaign, randomTask } from './histories-rules.testing.ts'
import { visitKey } from './keys.ts'
import { Random } from './random.testing.ts'
import type { ScoreCall, ScoredAction, ScoreReply } from './score.ts'

const DAY_MS = 86_400_000
/** Shortly before midnight in Shanghai. */
const START_MS = Date.UTC(2026, 4, 1, 15, 58)
const ACCOUNTS = [1, 2, 3]
export const LIVES = [7, 8]
const ACTIONS = ['like', 'comment', 'share', 'question'] as const
const DOINGS = ['like', 'like', 'like', ...ACTIONS] as const

/** What the short cut is for: a rule for each thing they do, and any for watching. */
function onePerAction(rules: Rulebook['earn']): Rulebook['earn'] {
  const others = rules.filter((rule) => rule.action !== 'watch').slice(0, ACTIONS.length)
  const alone = others.map((rule, i) => {
    const { ever: _, ...caps } = rule.caps
    return { ...rule, caps, enabled: true, action: must(ACTIONS[i], 'an action') }
  })
  return [...alone, ...rules.filter((rule) => rule.action === 'watch')]
}

/** Apart from all else that is drawn, so that a seed stays the history it was. */
const QUEST_SEEDS = 1_000_000

/** None in most histories, else of what they do. */
function randomQuests(r: Random): Rulebook['quests'] {
  if (r.chance(0.6)) return []
  const quests = Array.from({ length: r.between(1, 3) }, (_, i) => ({
    id: `quest_${i}`,
    no: i + 1,
    title: { zh: '任务', en: 'Quest' },
    period: r.pick(['day', 'week', 'once', 'streak']),
    cycle: r.pick(['end', 'again', 'stay']),
    action: r.pick([...ACTIONS, 'watch']),
    minRung: r.pick([0, 0, 0, 1]),
    ...(r.chance(0.3) && { newDays: 1 }),
    steps: [
      { goal: 1, points: 3 },
      { goal: r.between(2, 9), points: 4, growth: 2, rungs: r.pick([0, 0, 1]) },
    ],
  }))
  return Quests.parse(quests)
}

/** In two rooms, over minutes and days. */
export class Viewers {
  readonly #r: Random
  readonly #rooms: RoomContext[]
  readonly #slot = must(createPartitions(1).slots[0], 'a partition')
  readonly #numbers = new Map<number, number>()
  #nowMs = START_MS
  #serial = 1
  #doing: (typeof DOINGS)[number] = 'like'
  /** Some histories are mostly heartbeats. */
  readonly #watching: boolean
  /** What the next heartbeat of a session must carry, and when it is due. */
  readonly #clocks = new Map<number, { nonce: number; dueAtMs: number }>()

  constructor(seed: number) {
    const r = new Random(seed)
    this.#r = r
    this.#watching = r.chance(0.4)
    const drawn = { ...must(randomBooks(r, 1)[0], 'a rulebook'), timeZone: 'Asia/Shanghai' }
    const rules = r.chance(0.15) ? drawn : { ...drawn, earn: onePerAction(drawn.earn) }
    const book = { ...rules, quests: randomQuests(new Random(seed + QUEST_SEEDS)) }
    this.#rooms = LIVES.map((live) => ({
      ...{ live, issuer: live, rulebook: 1, book, profile: '', timeZone: 'Asia/Shanghai' },
      ...{ heatLevel: 1, campaigns: [], tasks: [], validUntilMs: 0 },
    }))
  }

  get keys(): { accounts: string[]; visits: string[]; journal: string; totals: string } {
    const slot = this.#slot
    return {
      accounts: ACCOUNTS.map((account) => accountKey(slot, account)),
      visits: ACCOUNTS.flatMap((account) => LIVES.map((live) => visitKey(slot, account, live))),
      journal: journalKey(slot),
      totals: totalsKey(slot),
    }
  }

  /** As their clients would: the next heartbeat depends on the answer to the last. */
  hear(call: ScoreCall, reply: ScoreReply): void {
    if (reply.tag !== 'scored') return
    reply.answers.forEach((answer, i) => {
      const nonce = must(call.viewers[i], 'a viewer').session.nonce
      if (answer.status === 'ok') this.#clocks.set(nonce, { ...answer.state.watch })
    })
  }

  #passTime(): void {
    const r = this.#r
    const late = r.below(100)
    const due = must(r.pickFrom([...this.#clocks.values(), { dueAtMs: 0 }]), 'a clock').dueAtMs
    const isNear = due > this.#nowMs && due < this.#nowMs + MINUTE_MS
    if (this.#watching && isNear && late < 80)
      this.#nowMs = Math.max(this.#nowMs, due + r.pick([0, 0, 400, 5000, -250, -251]))
    else if (late < 90) this.#nowMs += r.between(0, 3000)
    else if (late < 97) this.#nowMs += r.between(0, 2 * MINUTE_MS)
    else this.#nowMs += r.between(0, DAY_MS)
  }

  next(): ScoreCall {
    const r = this.#r
    this.#passTime()
    const nowMs = this.#nowMs - (r.chance(0.05) ? r.between(0, MINUTE_MS) : 0)
    const room = must(r.pickFrom(this.#rooms), 'a room')
    if (r.chance(0.06)) room.tasks = [...room.tasks, randomTask(r, this.#serial++, nowMs)].slice(-2)
    if (r.chance(0.05)) room.campaigns = [randomCampaign(r, this.#serial++, nowMs)]
    const madeAtMs = nowMs - r.between(0, 800)
    const validUntilMs = madeAtMs + r.pick([5000, 5000, 5000, 100])
    // A viewer stays in a room for a while, and comes back.
    const stay = (account: number) => (r.chance(0.9) ? account % 2 : r.below(2))
    return {
      ...{ slot: this.#slot, gateway: r.pick([1, 1, 2]), nowMs, aroundMs: nowMs },
      contexts: this.#rooms.map((at) =>
        compileContext({ ...at, validUntilMs, ...brownoutAt(madeAtMs) }, madeAtMs),
      ),
      viewers: ACCOUNTS.map((account) => {
        const context = stay(account)
        const nonce = r.chance(0.95) ? account : account + 10
        return {
          ...{ account, context, live: must(LIVES[context], 'a live') },
          ...{ session: { startMs: START_MS, nonce }, personal: r.pick([1000, 1000, 1500]) },
          actions: Array.from({ length: r.chance(0.85) ? 1 : r.between(2, 4) }, () =>
            this.#action(nonce),
          ),
        }
      }),
      timeZone: 'Asia/Shanghai',
      dailyPoints: this.#rooms[0]?.book.dailyPoints ?? 0,
      allowance: r.chance(0.1) ? r.pick([0, 1, 7]) : -1,
      whole: r.chance(0.5),
      reason: madeAtMs % 2 === 0 ? 'budget' : 'issuance_cap',
      journalMax: 1_000_000,
    }
  }

  #action(nonce: number): ScoredAction {
    const r = this.#r
    if (r.chance(0.15)) this.#doing = r.pick(DOINGS)
    const last = this.#numbers.get(nonce) ?? 0
    const seq = r.chance(0.95)
      ? last + r.pick([1, 1, 1, 1, 2, 31, 32, 40])
      : Math.max(1, last - r.below(40))
    this.#numbers.set(nonce, Math.max(seq, last))
    if (r.chance(this.#watching ? 0.7 : 0.03)) {
      const p1 = r.chance(0.95) ? (this.#clocks.get(nonce)?.nonce ?? 0) : r.below(9)
      const units = r.chance(0.95) ? 1 : 0
      return { seq, action: 'watch', units, p1, p2: this.#serial++, refused: 0 }
    }
    const action = r.chance(0.9) ? this.#doing : r.pick(DOINGS)
    const units = action === 'like' ? r.pick([1, 1, 2, 7, 50]) : 1
    return { seq, action, units, p1: r.below(40), p2: 0, refused: r.chance(0.02) ? 20 : 0 }
  }
}
