/**
 * What clients are shown, as JSON made at once from what the scripts answered: on the hot path objects that are only
 * made to be written as text cost more than scoring. `records.ts` says what it means; tests hold the two together.
 */

import { capOf } from '../../shared/rulebook/caps.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import {
  elsewhereOf,
  ruleName,
  type Showing,
  type StoredReceipt,
  type StoredState,
} from './records.ts'

/** Names of rules as JSON; there are as many as rules in the book. */
const quoted = new Map<string, string>()
const QUOTED_MAX = 1000

function quote(text: string): string {
  let json = quoted.get(text)
  if (json === undefined) {
    if (quoted.size >= QUOTED_MAX) quoted.clear()
    json = JSON.stringify(text)
    quoted.set(text, json)
  }
  return json
}

/** The JSON of `toAccountState`. */
export function accountJson(
  { version, balance, tier, live, watch, used, tasks, others, dayEndsAtMs }: StoredState,
  of: Showing,
): string {
  const elsewhere = elsewhereOf({ others }, of.payers)
  const { spendable, session, pending, held, frozen } = balance
  let units = ''
  for (const [no, count] of used)
    if (no > 0) units += `${units === '' ? '' : ','}${quote(ruleName(of.book, no))}:${count}`
  return (
    `{"epoch":${quote(of.epoch)},"version":${version},` +
    `"balance":{"spendable":${spendable},"session":${session},"pending":${pending},"held":${held},"frozen":${frozen}},` +
    (elsewhere > 0 ? `"elsewhere":${elsewhere},` : '') +
    `"tier":{"growth":${tier.growth},"rung":${tier.rung},"promotions":${tier.promotions}` +
    (tier.boost ? `,"boost":${JSON.stringify(tier.boost)}},` : '},') +
    `"today":{"points":${used.get(0) ?? 0},"used":{${units}},"resetsAtMs":${dayEndsAtMs}},` +
    `"live":{"points":${live.points},"watchedMs":${live.watchedMs},"continuousMs":${live.continuousMs},` +
    `"tasks":${tasks.length === 0 ? '[]' : JSON.stringify(tasks)}},` +
    `"watch":{"nonce":${watch.nonce},"dueAtMs":${watch.dueAtMs}}}`
  )
}

/** The JSON of `toReceipt`. */
export function receiptJson(
  receipt: StoredReceipt,
  of: { book: Rulebook; rulebook: number; atMs: number },
): string {
  const { multipliers, resetsAtMs } = receipt
  const rule = ruleName(of.book, receipt.ruleNo)
  const cap = capOf(of.book, rule, receipt.reason)
  return (
    `{"seq":${receipt.seq},"rule":${quote(rule)},"action":"${receipt.action}","reason":"${receipt.reason}",` +
    `"units":${receipt.units},"counted":${receipt.counted},"baseMilli":${receipt.baseMilli},` +
    `"multipliers":{"heat":${multipliers.heat},"campaign":${multipliers.campaign},"tier":${multipliers.tier},"personal":${multipliers.personal}},` +
    `"multiplier":${receipt.multiplier},"carry":${receipt.carry},"points":${receipt.points},` +
    `"bucket":"${receipt.bucket}","growth":${receipt.growth},` +
    (cap === undefined ? '' : `"cap":${cap},`) +
    (resetsAtMs === undefined ? '' : `"resetsAtMs":${resetsAtMs},`) +
    (receipt.stale ? '"stale":true,' : '') +
    `"rulebook":${of.rulebook},"atMs":${of.atMs}}`
  )
}
