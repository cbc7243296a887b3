/** Turns a rulebook and the state of a room into the flat numbers that the scoring script works with. */

import { MAX_MULTIPLIER, ONE, STACKINGS } from '../../shared/points.ts'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import type { CampaignView, TaskView } from '../../shared/room-state.ts'
import { expiryMonth } from '../../shared/rulebook/expiry.ts'
import { bucketOf, type EarnRule, type Rulebook } from '../../shared/rulebook/schema.ts'
import { growthNeeds } from '../../shared/rulebook/ways.ts'
import type { DayBounds } from '../../shared/time.ts'
import type { Brownout } from '../governance/index.ts'
import { assert, Packer } from '../kernel/index.ts'
import { packQuests } from './compile-quests.ts'
import { daysAround, monthAround } from './days.ts'
import { keepPolicy } from './keep-policy.ts'
import { packWays } from './pack-ways.ts'

export interface RoomContext {
  live: number
  /** Number of the brand, room or host that owes the points. */
  issuer: number
  rulebook: number
  book: Rulebook
  profile: string
  timeZone: string
  heatLevel: number
  campaigns: readonly CampaignView[]
  tasks: readonly TaskView[]
  /** After this instant (Redis time) heat counts as x1.0, because the room may have cooled. */
  validUntilMs: number
  /** What the platform's brown-out leaves of awards by rules; nothing is shrunk without it. */
  brownout?: Brownout
}

const NO_BROWNOUT: Brownout = { level: 0, factor: ONE }

/** A visit is kept 48 h after its last action, in seconds: a minute more, because its end is put off once a minute. */
const VISIT_TTL_SEC = 48 * 3600 + 60

/** Points of one award by a rule that says nothing: a million yuan, far below what records and exact sums can hold. */
export const AWARD_MAX = 100_000_000

export const milli = (n: number): number => Math.round(n * ONE)

/** What a campaign makes of an action, in thousandths; undefined where it does not touch it. */
function campaignFactor({ action: only, factor, weights }: CampaignView, action: Action) {
  if (weights) return weights[action]
  return only === 'all' || only === action ? factor : undefined
}

/** Campaigns that touch the action now: their product, and when the first of them ends. */
export function campaignFor(action: Action, campaigns: readonly CampaignView[], nowMs: number) {
  let factor = ONE
  let until = Number.MAX_SAFE_INTEGER
  for (const campaign of campaigns) {
    const own = campaignFactor(campaign, action)
    if (own === undefined || nowMs >= campaign.endsAtMs) continue
    factor = Math.floor((factor * own) / ONE)
    until = Math.min(until, campaign.endsAtMs)
  }
  return factor === ONE
    ? { factor: ONE, until: 0 }
    : { factor: Math.min(factor, MAX_MULTIPLIER), until }
}

const GOAL_MODES = { continuous: 1, cumulative: 2 } as const

function packRule(out: Packer, rule: EarnRule, at: { context: RoomContext; nowMs: number }): void {
  const { context, nowMs } = at
  const { book } = context
  const profile = book.profiles.find((p) => p.id === context.profile)
  const level = book.heat.levels[Math.min(context.heatLevel, book.heat.levels.length - 1)]
  const campaign = campaignFor(rule.action, context.campaigns, nowMs)
  const { caps } = rule
  out
    .u8(rule.no)
    .u8(ACTIONS[rule.action])
    .u8(bucketOf(rule))
    .u8(rule.goal ? GOAL_MODES[rule.goal.mode] : 0)
    .u8(rule.capStage === 'beforeMultiplier' && rule.capPerAward !== undefined ? 1 : 0)
    .u32(milli(rule.points * (profile?.factors[rule.action] ?? 1)))
    .u32(milli(rule.growth))
    .u32(rule.per)
    .u32(rule.goal ? Math.max(1, Math.round(rule.goal.minutes * 60_000)) : 0)
    .u16(milli(level?.factors[rule.action] ?? 1))
    .u16(campaign.factor)
    .u48(campaign.until === Number.MAX_SAFE_INTEGER ? 0 : campaign.until)
    .u32(caps.perMinute ?? 0)
    .u32(caps.perLive ?? 0)
    .u32(caps.perDay ?? 0)
    .u32(caps.ever ?? 0)
    .u32(rule.capPerAward ?? AWARD_MAX)
}

/** The context as the script's `rooms.read` reads it, field by field in the same order. */
export function compileContext(context: RoomContext, nowMs: number): Buffer {
  const { book } = context
  const day = daysAround(nowMs, context.timeZone)
  const { month, endsAtMs: monthEndsAtMs } = monthAround(nowMs, book.timeZone)
  const out = new Packer()
  out
    .u32(context.live)
    .u16(context.issuer)
    .u32(context.rulebook)
    .u48(context.validUntilMs)
    .u8(STACKINGS.indexOf(book.stacking) + 1)
    .u16(milli(book.ceiling))
    .u32(book.attention.beatSec * 1000)
    .u32(book.attention.maxGapSec * 1000)
    .u32(book.comment.minIntervalMs)
    .u32(milli(book.heat.perViewer))
    .u16(expiryMonth(book.wallet.expiry, month))
    .u16(expiryMonth(book.wallet.expiry, month + 1))
    .u48(monthEndsAtMs)
  const { level, factor } = context.brownout ?? NO_BROWNOUT
  packDay(out, day).u32(VISIT_TTL_SEC).u8(level).u16(factor)

  out.u8(book.ladder.rungs.length)
  const needs = growthNeeds(book.ladder)
  book.ladder.rungs.forEach((rung, i) => {
    out.u48(needs[i] ?? 0).u16(milli(rung.factor))
  })

  const enables = book.profiles.find((p) => p.id === context.profile)?.enables ?? []
  const rules = book.earn.filter((rule) => rule.enabled || enables.includes(rule.id))
  out.u8(rules.length)
  for (const rule of rules) packRule(out, rule, { context, nowMs })

  const weights = Object.entries(book.heat.weights) as [Action, number][]
  out.u8(weights.length)
  for (const [action, weight] of weights) out.u8(ACTIONS[action]).u32(milli(weight))

  assert(context.tasks.length < 256, 'tasks of a room are bounded')
  out.u8(context.tasks.length)
  for (const task of context.tasks) {
    out
      .u32(task.task)
      .u8(ACTIONS[task.action])
      .u32(task.goal)
      .u32(task.points)
      .u32(task.growth)
      .u48(task.startsAtMs)
      .u48(task.endsAtMs)
      .u8(task.quota ? 1 : 0)
  }
  packQuests(out, book, nowMs)
  return out.raw(keepPolicy(book, nowMs)).raw(packWays(book)).bytes()
}

/** Number of the issuer in a compiled context. */
export const issuerOf = (context: Buffer): number => context.readUInt16BE(4)

const packDay = (out: Packer, day: DayBounds): Packer =>
  out.u32(day.day).u48(day.endsAtMs).u48(day.nextEndsAtMs)

/** What an account without a room is scored with: registration, follow, orders outside a live. */
export function platformContext(version: number, book: Rulebook, issuer: number): RoomContext {
  return {
    live: 0,
    issuer,
    rulebook: version,
    book,
    profile: '',
    timeZone: book.timeZone,
    heatLevel: 0,
    campaigns: [],
    tasks: [],
    validUntilMs: 0,
  }
}
