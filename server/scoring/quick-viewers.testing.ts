/** Viewers who mostly do one thing at a time: what the short cut of the scoring script is for. */

import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { MINUTE_MS } from '../../shared/time.ts'
import { must } from '../kernel/index.ts'
import { createPartitions } from '../redis/index.ts'
import { accountKey, journalKey, totalsKey } from '../wallet/index.ts'
import { compileContext, type RoomContext } from './compile.ts'
import { randomBooks, randomCampaign, randomTask } from './histories-rules.testing.ts'
import { visitKey } from './keys.ts'
import { Random } from './random.testing.ts'
import type { ScoreCall, ScoredAction } from './score.ts'

const DAY_MS = 86_400_000
/** Shortly before midnight in Shanghai. */
const START_MS = Date.UTC(2026, 4, 1, 15, 58)
const ACCOUNTS = [1, 2, 3]
export const LIVES = [7, 8]
const ACTIONS = ['like', 'comment', 'share', 'question'] as const
const DOINGS = ['like', 'like', 'like', ...ACTIONS] as const

/** What the short cut is for: a rule for each thing they do. */
function onePerAction(rules: Rulebook['earn']): Rulebook['earn'] {
  return rules.slice(0, ACTIONS.length).map((rule, i) => {
    const { ever: _, ...caps } = rule.caps
    const { goal: __, ...rest } = rule
    return { ...rest, caps, enabled: true, action: must(ACTIONS[i], 'an action') }
  })
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

  constructor(seed: number) {
    const r = new Random(seed)
    this.#r = r
    const drawn = must(randomBooks(r, 1)[0], 'a rulebook')
    const book = r.chance(0.15) ? drawn : { ...drawn, earn: onePerAction(drawn.earn) }
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

  next(): ScoreCall {
    const r = this.#r
    const late = r.below(100)
    if (late < 90) this.#nowMs += r.between(0, 3000)
    else if (late < 97) this.#nowMs += r.between(0, 2 * MINUTE_MS)
    else this.#nowMs += r.between(0, DAY_MS)
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
      contexts: this.#rooms.map((at) => compileContext({ ...at, validUntilMs }, madeAtMs)),
      viewers: ACCOUNTS.map((account) => {
        const context = stay(account)
        const nonce = r.chance(0.95) ? account : account + 10
        return {
          ...{ account, context, live: must(LIVES[context], 'a live') },
          ...{ session: { startMs: START_MS, nonce }, personal: r.pick([1000, 1000, 1500]) },
          actions: Array.from({ length: r.chance(0.95) ? 1 : 2 }, () => this.#action(nonce)),
        }
      }),
      timeZone: 'Asia/Shanghai',
      dailyPoints: this.#rooms[0]?.book.dailyPoints ?? 0,
      allowance: r.chance(0.1) ? r.pick([0, 1, 7]) : -1,
      whole: r.chance(0.5),
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
    const action = r.chance(0.9) ? this.#doing : r.pick(DOINGS)
    const units = action === 'like' ? r.pick([1, 1, 2, 7, 50]) : 1
    return { seq, action, units, p1: r.below(40), p2: 0, refused: r.chance(0.02) ? 20 : 0 }
  }
}
