/** From a journal element to what webhooks can be told. One table: what is not in it is not told. */

import { formatAccount, parseAccount } from '../../../shared/ids.ts'
import { type Cause, changeOf, type HoldUse } from '../../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import { privilegesOf } from '../../../shared/rulebook/privileges.ts'
import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import { type KeepNews, keepNewsOf } from '../../../shared/tiers.ts'
import type { SkimmedBatch } from '../../scoring/index.ts'
import type { WebhookEvent } from '../../webhooks/index.ts'

export interface Happening {
  type: WebhookEvent
  account: number
  /** Who else took part. */
  other?: number
  live: number
  /** Where in the element it stands: part of the delivery's id, so it must not depend on what else is told. */
  place: string
  data: Record<string, unknown>
}

/** By what the points were held for. What is missing is a step on the way of something else. */
const CAPTURED: Partial<Record<HoldUse, WebhookEvent>> = {
  checkout: 'points.spent',
  effect: 'points.spent',
  draw: 'points.spent',
  redemption: 'reward.redeemed',
}
const REFUNDED: Partial<Record<HoldUse, WebhookEvent>> = {
  checkout: 'points.refunded',
  effect: 'points.refunded',
  draw: 'points.refunded',
  redemption: 'reward.refunded',
}
/** Causes that always mean the same. The end of a live is none: everybody there would be told of at once. */
const TOLD: Partial<Record<Cause, WebhookEvent>> = {
  frozen: 'account.frozen',
  unfrozen: 'account.unfrozen',
  merged_in: 'account.merged',
  adjusted: 'points.adjusted',
  revoked: 'points.revoked',
  expired: 'points.expired',
  expiring: 'points.expiring',
  burn_week: 'points.burn_week',
  pickup_ending: 'reward.pickup_ending',
  due: 'points.due',
  sent: 'points.sent',
  received: 'points.received',
}

type LedgerOf = SkimmedBatch['ledger'][number]

function eventOf({ cause, use }: LedgerOf): WebhookEvent | undefined {
  if (cause !== 'captured' && cause !== 'refunded') return TOLD[cause]
  return use && (cause === 'captured' ? CAPTURED : REFUNDED)[use]
}

/** Causes whose subject is another account. */
const BETWEEN_ACCOUNTS: ReadonlySet<Cause> = new Set([
  ...(['sent', 'received', 'merged_in', 'merged_out', 'invited'] as const),
])

/** The other account of such an entry, as people read it or as a number. */
function otherOf(subject: string): number | undefined {
  return parseAccount(subject) ?? (/^\d{1,15}$/.test(subject) ? Number(subject) : undefined)
}

/** What was spent or came back, without what only went back on the way; otherwise all that moved. */
function pointsOf({ cause, moves }: LedgerOf): number {
  const counted = moves.filter(({ from, to }) => {
    if (cause === 'captured') return to === 'spent'
    return cause !== 'refunded' || from === 'spent'
  })
  return counted.reduce((sum, { points }) => sum + points, 0)
}

const BUCKET_NAMES = Object.keys(BUCKETS) as Bucket[]

/** By how much each bucket changed, those that did. */
function changesOf(entry: LedgerOf): Partial<Record<Bucket, number>> {
  const all = BUCKET_NAMES.map((bucket) => [bucket, changeOf(entry, bucket)] as const)
  return Object.fromEntries(all.filter(([, points]) => points !== 0))
}

/** What is told of an entry. A notice moves nothing: how many points it is about is its subject. */
function dataOf(entry: LedgerOf): Record<string, unknown> {
  const { cause, version, use, ref, subject, by, untilMs } = entry
  if (cause === 'expiring' || cause === 'burn_week')
    return { version, points: Number(subject), untilMs }
  if (cause === 'pickup_ending') return { version, ref, reward: subject, untilMs }
  return {
    version,
    points: pointsOf(entry),
    changes: changesOf(entry),
    ...(ref !== '' && { ref }),
    ...(use !== undefined && { use }),
    ...(!BETWEEN_ACCOUNTS.has(cause) && subject !== '' && { subject }),
    ...(by !== '' && { by }),
    ...mergedOf(cause, entry.account, otherOf(subject)),
  }
}

function ofLedger(entry: LedgerOf, place: string): Happening[] {
  const type = eventOf(entry)
  if (type === undefined) return []
  const { account, live, cause, subject } = entry
  const other = BETWEEN_ACCOUNTS.has(cause) ? otherOf(subject) : undefined
  return [
    { type, account, live, place, ...(other !== undefined && { other }), data: dataOf(entry) },
  ]
}

/** Growth that nothing was done for, with the tier it led to, up or down. */
function ofGrowth(
  entry: SkimmedBatch['growth'][number],
  place: string,
  { ladder }: PublishedRulebook['book'],
): Happening[] {
  const { account, version, cause, growth, rung, from, ref, subject } = entry
  const of = { account, live: 0 }
  const rungs = { from, rung, place: `${place}-p`, data: { version } }
  const tiers = ofPrivileges(of, rungs, ladder)
  const news = keepNewsOf(entry)
  if (news) return [{ ...of, place, ...ofKeep(news, { version, growth, ladder }) }, ...tiers]
  if (growth === 0) return []
  const other = BETWEEN_ACCOUNTS.has(cause) ? otherOf(subject) : undefined
  return [
    {
      type: 'growth.changed',
      account,
      live: 0,
      place,
      ...(other !== undefined && { other }),
      data: {
        version,
        cause,
        growth,
        ...tierOf(ladder, rung),
        ref,
        ...(!BETWEEN_ACCOUNTS.has(cause) && subject !== '' && { subject }),
        ...mergedOf(cause, account, other),
      },
    },
    ...tiers,
  ]
}

type LadderOf = PublishedRulebook['book']['ladder']

const tierOf = (ladder: LadderOf, rung: number) => ({
  ladder: ladder.id,
  tier: ladder.rungs[rung]?.id ?? '',
  rung,
})

/** What time did to a rung: the one that may be lost, or is. */
function ofKeep(
  { what, rung, missing, untilMs }: KeepNews,
  { version, growth, ladder }: { version: number; growth: number; ladder: LadderOf },
): Pick<Happening, 'type' | 'data'> {
  const data = { version, ...tierOf(ladder, rung), growthMissing: missing }
  return what === 'tier_warned'
    ? { type: 'tier.warned', data: { ...data, untilMs } }
    : { type: 'tier.lost', data: { ...data, growth, now: tierOf(ladder, rung - 1) } }
}

/** Privileges that came or went with a change of rung. */
function ofPrivileges(
  of: Pick<Happening, 'account' | 'live'>,
  { from, rung, place, data }: { from: number; rung: number; place: string; data: object },
  ladder: LadderOf,
): Happening[] {
  if (from === rung) return []
  const idsAt = (at: number) => privilegesOf(ladder, { rung: at }).map(({ id }) => id)
  const [fewer, more] = [idsAt(Math.min(from, rung)), idsAt(Math.max(from, rung))]
  const privileges = more.filter((id) => !fewer.includes(id))
  if (privileges.length === 0) return []
  const type = rung > from ? 'privileges.gained' : 'privileges.lost'
  return [{ ...of, type, place, data: { ...data, ...tierOf(ladder, rung), privileges } }]
}

/** Which number came to which: also where nobody has the one that is gone any more. */
function mergedOf(cause: Cause, account: number, other: number | undefined) {
  if (other === undefined || (cause !== 'merged_in' && cause !== 'merged_out')) return {}
  const [from, into] = cause === 'merged_in' ? [other, account] : [account, other]
  return { from: formatAccount(from), into: formatAccount(into) }
}

/** Of what accounts have beside points only the day pass is told. */
function ofKept(
  { account, kind, fields }: SkimmedBatch['kept'][number],
  place: string,
): Happening[] {
  if (kind !== 'pass') return []
  const of = new Map(fields)
  const [rungs, untilMs] = ['rungs', 'until'].map((name) => Number(of.get(name) ?? 0))
  return [{ type: 'tier.day_pass', account, live: 0, place, data: { rungs, untilMs } }]
}

/** What of an element may be of interest, in its order. */
export function happeningsOf(batch: SkimmedBatch, { book }: PublishedRulebook): Happening[] {
  const { ladder } = book
  const tierUps = batch.entries.flatMap(({ account, live, version, promotions }, i) =>
    promotions.flatMap(({ rung, from, no }, n): Happening[] => {
      const [of, place] = [{ account, live }, `${i}-${n}`]
      const data = { version, ...tierOf(ladder, rung), promotion: no }
      return [
        { ...of, type: 'tier.reached', place, data },
        ...ofPrivileges(of, { from, rung, place: `${place}-p`, data: { version } }, ladder),
      ]
    }),
  )
  return [
    ...tierUps,
    ...batch.ledger.flatMap((entry, i) => ofLedger(entry, `${i}`)),
    ...batch.growth.flatMap((entry, i) => ofGrowth(entry, `g${i}`, book)),
    ...batch.kept.flatMap((entry, i) => ofKept(entry, `k${i}`)),
  ]
}
