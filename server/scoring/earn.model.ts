/** What one action pays, as SPEC.md says it: caps, amounts, growth, comments, tasks and heat of the scoring model. */

import type { TaskProgress } from '../../shared/account-state.ts'
import type { Multipliers } from '../../shared/points.ts'
import { ACTIONS, type Action, REASONS, type Reason } from '../../shared/receipt.ts'
import type { EarnRule } from '../../shared/rulebook/schema.ts'
import {
  dayOf,
  type ModelAccount,
  type ModelVisit,
  midnightAfter,
  minuteOf,
  type PaidBucket,
} from './account.model.ts'
import type { RoomContext } from './compile.ts'
import type { JournalEntry } from './journal.ts'
import { beginWindow, rungByPoints } from './keep.model.ts'
import { type StoredReceipt, TASK_RULE } from './receipts.ts'
import type { ScoredAction } from './score.ts'

export interface ModelContext {
  room: RoomContext
  /** When the gateway made it; campaigns that were over by then are not in it. */
  madeAtMs: number
}

/** One viewer within one call. */
export interface Turn {
  nowMs: number
  /** Of the platform. */
  timeZone: string
  /** Most points of a day; 0 is no limit, -1 is neither limited nor counted. */
  dailyPoints: number
  /** Shared by all viewers of the call. */
  budget: { left: bigint | undefined; reason: Reason }
  account: ModelAccount
  visit: ModelVisit
  context: ModelContext
  personal: number
  receipts: StoredReceipt[]
  promotions: JournalEntry['promotions']
  claims: JournalEntry['claims']
  heat: Map<number, number>
}

type Act = Pick<ScoredAction, 'seq' | 'action' | 'units' | 'p1' | 'p2' | 'refused'>

const milliOf = (n: number): bigint => BigInt(Math.round(n * 1000))
const reasonNames = new Map<number, Reason>(
  Object.entries(REASONS).map(([name, no]) => [no, name as Reason]),
)
const PLAIN: Multipliers = { heat: 1000, campaign: 1000, tier: 1000, personal: 1000 }
const COMMENTS: readonly Action[] = ['comment', 'question']
const COMMENTS_REMEMBERED = 4
const WINDOW_MS = 10_000
const WINDOWS_KEPT = 4

/** A receipt that says `reason` and pays nothing. */
export function zero(act: Act, reason: Reason, part: Partial<StoredReceipt> = {}): StoredReceipt {
  return {
    ruleNo: 0,
    action: act.action,
    reason,
    bucket: 'spendable',
    seq: act.seq,
    units: act.units,
    counted: 0,
    baseMilli: 0,
    multipliers: PLAIN,
    multiplier: 1000,
    carry: 0,
    points: 0,
    growth: 0,
    task: 0,
    ...part,
  }
}

/** [S16] Thousandths. */
const MOST_GROWTH = 4_000_000_000_000n
const AWARD_MAX = 100_000_000

/** [S15] */
export function multipliersOf(
  t: Turn,
  action: Action,
): { parts: Multipliers; applied: bigint; stale: boolean } {
  const { room, madeAtMs } = t.context
  const { book } = room
  const level = book.heat.levels[Math.min(room.heatLevel, book.heat.levels.length - 1)]
  const stale = t.nowMs > room.validUntilMs
  const of = (c: (typeof room.campaigns)[number]) =>
    c.weights ? c.weights[action] : c.action === 'all' || c.action === action ? c.factor : undefined
  const campaigns = room.campaigns.filter((c) => of(c) !== undefined && madeAtMs < c.endsAtMs)
  const over = campaigns.some((c) => t.nowMs >= c.endsAtMs)
  let campaign = 1000n
  for (const c of over ? [] : campaigns) campaign = (campaign * BigInt(of(c) ?? 1000)) / 1000n
  const heat = stale ? 1000n : milliOf(level?.factors[action] ?? 1)
  const tier = milliOf(book.ladder.rungs[t.account.rung]?.factor ?? 1)
  const all = [heat, campaign > 6000n ? 6000n : campaign, tier, BigInt(t.personal)]
  const sum = all.reduce((a, b) => a + b, 0n) - 3000n
  const stacked = {
    product: all.reduce((a, b) => a * b, 1n) / 10n ** 9n,
    sum: sum < 0n ? 0n : sum,
    max: BigInt(Math.max(...all.map(Number))),
  }[book.stacking]
  const ceiling = milliOf(book.ceiling)
  const [h = 0, c = 0, r = 0, p = 0] = all.map(Number)
  return {
    parts: { heat: h, campaign: c, tier: r, personal: p },
    // [S36]
    applied:
      ((stacked > ceiling ? ceiling : stacked) * BigInt(room.brownout?.factor ?? 1000)) / 1000n,
    stale,
  }
}

interface Limit {
  reason: Reason
  size: number | undefined
  used: number
  resetsAtMs?: number
}

/** [S4] The caps of a rule, in the order they are tried. */
function limitsOf(t: Turn, rule: EarnRule): Limit[] {
  const { nowMs, timeZone, visit, account } = t
  const zone = t.context.room.timeZone
  const used = (of: ReadonlyMap<number, number>) => of.get(rule.no) ?? 0
  return [
    {
      reason: 'minute_cap',
      size: rule.caps.perMinute,
      used: used(visit.minute.at(minuteOf(nowMs))),
      resetsAtMs: (minuteOf(nowMs) + 1) * 60_000,
    },
    {
      reason: 'live_cap',
      size: rule.caps.perLive,
      used: used(visit.roomDay.at(dayOf(nowMs, zone))),
      resetsAtMs: midnightAfter(nowMs, zone),
    },
    {
      reason: 'daily_cap',
      size: rule.caps.perDay,
      used: used(account.today.at(dayOf(nowMs, timeZone))),
      resetsAtMs: midnightAfter(nowMs, timeZone),
    },
    { reason: 'once_only', size: rule.caps.ever, used: used(account.ever) },
  ]
}

/** [S4] Only units let through are counted, and only by rules that have that cap. */
function count(t: Turn, rule: EarnRule, units: number): void {
  const { account, visit, nowMs } = t
  if (rule.caps.perMinute) visit.minute.add(minuteOf(nowMs), rule.no, units)
  if (rule.caps.perLive) visit.roomDay.add(dayOf(nowMs, t.context.room.timeZone), rule.no, units)
  if (rule.caps.perDay) account.today.add(dayOf(nowMs, t.timeZone), rule.no, units)
  if (rule.caps.ever) account.ever.set(rule.no, (account.ever.get(rule.no) ?? 0) + units)
}

/** Credits points, and growth in thousandths; answers the whole growth. [S8] */
function credit(t: Turn, what: { bucket: PaidBucket; points: bigint; growth: bigint }): number {
  const { account, visit } = t
  account.points.set(what.bucket, (account.points.get(what.bucket) ?? 0n) + what.points)
  visit.points += what.points
  if (what.bucket === 'spendable') {
    const { issuer } = t.context.room
    account.owed.set(issuer, (account.owed.get(issuer) ?? 0n) + what.points)
  }
  if (what.bucket === 'session') visit.sessionPoints += what.points
  const before = account.growth / 1000n
  account.growth += what.growth
  account.earned += what.points
  rise(t)
  return Number(account.growth / 1000n - before)
}

/** [S8] [TI11] To the highest rung that growth or points ever earned reach. */
export function rise(t: Turn): void {
  const { account } = t
  const { book } = t.context.room
  const byPoints = rungByPoints(account, { book })
  const byGrowth = book.ladder.rungs.findLastIndex(
    ({ growth }) => growth !== undefined && account.growth >= BigInt(growth) * 1000n,
  )
  const reached = Math.max(byGrowth, byPoints)
  // [TI12]
  if (byPoints >= account.rung) account.window = undefined
  if (reached <= account.rung) return
  const from = account.rung
  account.rung = reached
  account.promotions += 1
  beginWindow(account, { nowMs: t.nowMs, book })
  t.promotions.push({ ladder: 1, from, rung: reached, no: account.promotions })
}

/** [S16] [S17] [S11] [S18] What of the points may be paid, and the last reason why not all. */
function throughAmounts(t: Turn, rule: EarnRule, amount: bigint) {
  const today = t.account.today.at(dayOf(t.nowMs, t.timeZone)).get(0) ?? 0
  const limits: { reason: Reason; left: bigint | undefined; resetsAtMs?: number }[] = [
    {
      reason: 'award_cap',
      left:
        rule.capPerAward && rule.capStage === 'beforeMultiplier'
          ? undefined
          : BigInt(rule.capPerAward ?? AWARD_MAX),
    },
    {
      reason: 'daily_points',
      left: t.dailyPoints > 0 ? BigInt(Math.max(0, t.dailyPoints - today)) : undefined,
      resetsAtMs: midnightAfter(t.nowMs, t.timeZone),
    },
    { reason: t.budget.reason, left: t.budget.left },
  ]
  let points = amount
  let by: (typeof limits)[number] | undefined
  for (const limit of limits) {
    if (limit.left === undefined || points <= limit.left) continue
    points = limit.left
    by = limit
  }
  return { points, by }
}

/** One rule, one receipt. What it changes happens only where `commit` is called. */
function tryRule(t: Turn, { rule, act, units }: { rule: EarnRule; act: Act; units: number }) {
  const profile = t.context.room.book.profiles.find((p) => p.id === t.context.room.profile)
  const base = milliOf(rule.points * (profile?.factors[rule.action] ?? 1))
  let counted = units
  let by: Limit | undefined
  // [S19]
  if (t.account.frozen) {
    const part = { ruleNo: rule.no, bucket: rule.bucket, units, baseMilli: Number(base) }
    return { receipt: zero(act, 'frozen', part), commit: () => undefined }
  }
  for (const limit of limitsOf(t, rule)) {
    const left = Math.max(0, (limit.size ?? Number.POSITIVE_INFINITY) - limit.used)
    if (counted <= left) continue
    counted = left
    by = limit
  }
  const { parts, applied, stale } = multipliersOf(t, rule.action)
  const said = {
    ...{ ruleNo: rule.no, bucket: rule.bucket, units, baseMilli: Number(base) },
    ...(by?.resetsAtMs === undefined ? {} : { resetsAtMs: by.resetsAtMs }),
  }
  const level = t.context.room.brownout?.level ?? 0
  const reason = by?.reason ?? 'earned'
  // Where nothing counted there was nothing to multiply.
  if (counted === 0) return { receipt: zero(act, reason, said), commit: () => undefined }
  const receipt = zero(act, reason, {
    ...said,
    ...{ counted, multipliers: parts, multiplier: Number(applied) },
    carry: Number(t.account.carry.get(rule.bucket) ?? 0n),
    ...(stale ? { stale: true as const } : {}),
    ...(level > 0 ? { level } : {}),
  })
  const commit = () => pay(t, { rule, receipt, applied })
  return { receipt, commit }
}

/** [S14] and what follows from it. */
function pay(t: Turn, of: { rule: EarnRule; receipt: StoredReceipt; applied: bigint }): void {
  const { rule, receipt } = of
  const { account } = t
  let gross = BigInt(receipt.baseMilli) * BigInt(receipt.counted)
  const most = BigInt(rule.capPerAward ?? 0) * 1000n
  if (most > 0n && rule.capStage === 'beforeMultiplier' && gross > most) {
    gross = most
    receipt.reason = 'award_cap'
    delete receipt.resetsAtMs
  }
  const milli = (gross * of.applied) / 1000n + BigInt(receipt.carry)
  const { points, by } = throughAmounts(t, rule, milli / 1000n)
  if (by) {
    receipt.reason = by.reason
    delete receipt.resetsAtMs
    if (by.resetsAtMs !== undefined) receipt.resetsAtMs = by.resetsAtMs
  }
  account.carry.set(rule.bucket, by ? 0n : milli % 1000n)
  if (t.dailyPoints >= 0 && points > 0n)
    account.today.add(dayOf(t.nowMs, t.timeZone), 0, Number(points))
  if (t.budget.left !== undefined) t.budget.left -= points
  count(t, rule, receipt.counted)
  receipt.points = Number(points)
  const grows = milliOf(rule.growth) * BigInt(receipt.counted)
  const growth = grows < MOST_GROWTH ? grows : MOST_GROWTH
  receipt.growth = credit(t, { bucket: rule.bucket, points, growth })
}

const rulesOf = (t: Turn, action: Action): EarnRule[] =>
  t.context.room.book.earn.filter((rule) => rule.enabled && rule.action === action)

/** "What a rule pays": the receipts of one action that is not watching. */
function payRules(t: Turn, act: Act): void {
  let first: StoredReceipt | undefined
  let any = false
  for (const rule of rulesOf(t, act.action)) {
    const { receipt, commit } = tryRule(t, { rule, act, units: Math.floor(act.units / rule.per) })
    first ??= receipt
    if (receipt.counted === 0) continue
    commit()
    t.receipts.push(receipt)
    any = true
  }
  if (!any) t.receipts.push(first ?? zero(act, 'no_rule'))
}

/** [S7] A watch rule has a receipt wherever its goal is passed. */
export function payWatchRules(
  t: Turn,
  act: Act,
  passed: (goal: NonNullable<EarnRule['goal']>) => number,
): void {
  for (const rule of rulesOf(t, 'watch')) {
    const units = rule.goal ? passed(rule.goal) : 0
    if (units === 0) continue
    const { receipt, commit } = tryRule(t, { rule, act, units })
    if (receipt.counted > 0) commit()
    t.receipts.push(receipt)
  }
}

/** [S30] */
export function countTasks(t: Turn, act: Act, units: number): void {
  for (const task of t.context.room.tasks) {
    if (task.action !== act.action || t.account.frozen) continue
    if (t.nowMs < task.startsAtMs || t.nowMs >= task.endsAtMs) continue
    const open: TaskProgress = { task: task.task, progress: 0, state: 'open' }
    const own = t.visit.tasks.get(task.task) ?? open
    if (own.state !== 'open') continue
    t.visit.tasks.set(task.task, own)
    own.progress = Math.min(task.goal, own.progress + units)
    if (own.progress < task.goal) continue
    const cause = { ...act, action: 'task' as const, units: 1 }
    const part = { ruleNo: TASK_RULE, task: task.task }
    if (task.quota) {
      own.state = 'claiming'
      t.claims.push({
        task: task.task,
        points: task.points,
        growth: task.growth,
        reachedAtMs: t.nowMs,
      })
      t.receipts.push(zero(cause, 'task_pending', part))
      continue
    }
    own.state = 'won'
    const promised = BigInt(task.points)
    const left = t.budget.left
    const points = left !== undefined && promised > left ? left : promised
    if (left !== undefined) t.budget.left = left - points
    const growth = credit(t, { bucket: 'spendable', points, growth: BigInt(task.growth) * 1000n })
    const reason = points < promised ? t.budget.reason : 'earned'
    const paid = { ...part, counted: 1, points: Number(points), growth }
    t.receipts.push(zero(cause, reason, { ...paid, baseMilli: task.points * 1000 }))
  }
}

/** [E4] */
export function grantPlace(
  t: Turn,
  place: { task: number; rank: number; points: number; growth: number },
): void {
  const cause: Act = { seq: 0, action: 'task', units: 1, p1: 0, p2: 0, refused: 0 }
  const part = { ruleNo: TASK_RULE, task: place.task }
  const own = t.visit.tasks.get(place.task)
  if (place.rank === 0) {
    if (own) own.state = 'full'
    t.receipts.push(zero(cause, 'task_full', part))
    return
  }
  if (own) {
    own.state = 'won'
    own.rank = place.rank
  }
  const points = BigInt(place.points)
  const growth = credit(t, { bucket: 'spendable', points, growth: BigInt(place.growth) * 1000n })
  const paid = { ...part, counted: 1, points: place.points, growth }
  t.receipts.push(zero(cause, 'earned', { ...paid, baseMilli: place.points * 1000 }))
}

/** [S31] */
export function warm(t: Turn, action: Action, units: number): void {
  const { heat } = t.context.room.book
  const { live } = t.context.room
  const window = Math.floor(t.nowMs / WINDOW_MS)
  const { windows } = t.account
  const weight = Number(milliOf(heat.weights[action] ?? 0)) * units
  if (weight === 0 || live === 0 || t.account.frozen) return
  let own = windows.find((w) => w.live === live)
  if (!own) {
    own = { live, window, spent: 0 }
    windows.push(own)
    if (windows.length > WINDOWS_KEPT) windows.shift()
  }
  if (own.window !== window) Object.assign(own, { window, spent: 0 })
  const fits = Math.max(0, Math.min(weight, Number(milliOf(heat.perViewer)) - own.spent))
  own.spent += fits
  const no = ACTIONS[action]
  if (fits > 0) t.heat.set(no, (t.heat.get(no) ?? 0) + fits)
}

/** [S29] Undefined where the comment counts; then it is remembered. */
function refuseComment(t: Turn, act: Act): Reason | undefined {
  const { visit } = t
  if (visit.comments.includes(act.p1)) return 'comment_repeated'
  if (t.nowMs - visit.lastCommentMs < t.context.room.book.comment.minIntervalMs)
    return 'comment_fast'
  visit.comments = [...visit.comments, act.p1].slice(-COMMENTS_REMEMBERED)
  visit.lastCommentMs = t.nowMs
  return undefined
}

/** Any action but watching and places in tasks. */
export function earn(t: Turn, act: Act): void {
  // [S28]
  const gated = act.refused ? reasonNames.get(act.refused) : undefined
  const refused = gated ?? (COMMENTS.includes(act.action) ? refuseComment(t, act) : undefined)
  if (refused) {
    t.receipts.push(zero(act, refused))
    return
  }
  payRules(t, act)
  countTasks(t, act, act.units)
  warm(t, act.action, act.units)
}
