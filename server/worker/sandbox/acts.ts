/**
 * What viewers did, made from the receipts that say what it earned: the commands that the scoring script was given. Each
 * command has at least one receipt, so none is missing; what a receipt does not say is chosen so that the script comes to
 * the same (docs/adr/0017).
 */

import { REASONS } from '../../../shared/receipt.ts'
import type { TaskView } from '../../../shared/room-state.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { must } from '../../kernel/index.ts'
import {
  type Allowance,
  type Claim,
  categoryNumber,
  type JournalEntry,
  QUEST_RULE,
  type ScoredAction,
  type StoredReceipt,
  TASK_RULE,
} from '../../scoring/index.ts'

/** Every clock of a dry run has this nonce; a stale beat comes with the other. */
const NONCE = 7
const STALE_NONCE = 8
const TITLE = { zh: '', en: '' }

/** One command or event, and what it says of itself. */
export interface Act extends ScoredAction {
  receipts: readonly StoredReceipt[]
}

export interface Acts {
  acts: Act[]
  /** Tasks whose goal was reached, as if they were of this moment only. */
  tasks: TaskView[]
  /** Points that the budget of the live, or the platform's cap, let through; undefined where neither cut anything. */
  budget: Pick<Allowance, 'allowance' | 'whole' | 'reason'> | undefined
}

/** `fen` is what an order cost, where the journal says it. */
export function actsOf(
  entry: JournalEntry,
  of: { atMs: number; book: Rulebook; fen: number | undefined },
): Acts {
  const claims = [...entry.claims]
  const acts: Act[] = []
  const tasks: TaskView[] = []
  for (const receipts of bySequence(entry.receipts)) {
    // What quests paid follows from the book again.
    const own = receipts.filter(({ ruleNo }) => ruleNo !== TASK_RULE && ruleNo !== QUEST_RULE)
    const first = own[0]
    if (!first) continue
    const act = actOf(own, first, of)
    if (act.action === 'purchase') act.p1 = categoryOf(receipts, of.book)
    acts.push(act)
    for (const receipt of receipts)
      if (receipt.ruleNo === TASK_RULE)
        tasks.push(taskOf(receipt, { act, done: acts, claims, atMs: of.atMs }))
  }
  hideBeats(acts)
  return { acts, tasks, budget: budgetOf(entry.receipts) }
}

/** A beat that was not credited may be one of a hidden page: that does not tell, but the next one of its session does. */
export const isDoubtful = ({ reason }: StoredReceipt): boolean =>
  reason === 'watch_elsewhere' || reason === 'watch_counted'

/** Whether the clock stood still before the beat. */
export const wasPaused = ({ reason, units }: StoredReceipt): boolean =>
  reason === 'watch_started' || (reason === 'watch_hidden' && units === 0)

/** Where both are in one entry. */
function hideBeats(acts: readonly Act[]): void {
  const beats = acts.filter(({ action }) => action === 'watch')
  for (const [i, beat] of beats.entries()) {
    const [own] = beat.receipts
    const next = beats[i + 1]?.receipts[0]
    if (own && next && isDoubtful(own) && wasPaused(next)) beat.units = 0
  }
}

function bySequence(receipts: readonly StoredReceipt[]): StoredReceipt[][] {
  const groups: StoredReceipt[][] = []
  for (const receipt of receipts) {
    const last = groups.at(-1)
    if (last?.[0]?.seq === receipt.seq) last.push(receipt)
    else groups.push([receipt])
  }
  return groups
}

function actOf(
  receipts: readonly StoredReceipt[],
  first: StoredReceipt,
  { book, fen }: { book: Rulebook; fen: number | undefined },
): Act {
  const { seq, action } = first
  const plain = { seq, action, p1: 0, p2: 0, refused: 0, receipts }
  if (action === 'watch') return { ...plain, ...beatOf(first) }
  const gate = first.ruleNo === 0 && !COUNTED.has(first.reason) ? REASONS[first.reason] : 0
  const bought = action === 'purchase' && fen !== undefined
  return {
    ...plain,
    units: bought ? fen : unitsOf(receipts, book),
    // Too fast is for the script to say; whether a text was a repeat only its hash could.
    refused: first.reason === 'comment_fast' ? 0 : gate,
    p1: action === 'comment' || action === 'question' ? seq % 0xffff_fffe : 0,
  }
}

/** What no rule paid but no gate refused. */
const COUNTED: ReadonlySet<StoredReceipt['reason']> = new Set([
  ...(['no_rule', 'progress', 'quest_done'] as const),
])

/** Of what was bought, as far as a quest asked for it. */
function categoryOf(receipts: readonly StoredReceipt[], { quests }: Rulebook): number {
  const counted = receipts.filter(({ ruleNo }) => ruleNo === QUEST_RULE)
  const asked = quests.find(
    ({ no, category }) => category !== undefined && counted.some(({ task }) => task === no),
  )
  return categoryNumber(asked?.category)
}

/** The fewest units that every rule counts as its receipt says. A viewer does at least one; an order may cost nothing. */
function unitsOf(receipts: readonly StoredReceipt[], book: Rulebook): number {
  const perOf = (no: number) => book.earn.find((rule) => rule.no === no)?.per ?? 1
  const bySelf = receipts.some(({ seq }) => seq > 0)
  return Math.max(bySelf ? 1 : 0, ...receipts.map(({ ruleNo, units }) => units * perOf(ruleNo)))
}

function beatOf({ reason }: StoredReceipt): Pick<Act, 'units' | 'p1' | 'p2'> {
  const hidden = reason === 'watch_hidden'
  return {
    units: hidden ? 0 : 1,
    p1: reason === 'watch_stale' ? STALE_NONCE : NONCE,
    p2: NONCE,
  }
}

function taskOf(
  receipt: StoredReceipt,
  of: { act: Act; done: readonly Act[]; claims: Claim[]; atMs: number },
): TaskView {
  const { act, done, atMs } = of
  const pending = receipt.reason === 'task_pending'
  const claim = pending ? must(of.claims.shift(), 'a claim of a task that waits') : undefined
  const counted = done.filter((one) => one.action === act.action && one.refused === 0)
  return {
    task: receipt.task,
    action: act.action,
    goal:
      act.action === 'watch'
        ? 1
        : Math.max(
            1,
            counted.reduce((sum, { units }) => sum + units, 0),
          ),
    points: claim?.points ?? Math.round(receipt.baseMilli / 1000),
    growth: claim?.growth ?? receipt.growth,
    title: TITLE,
    startsAtMs: atMs,
    endsAtMs: atMs + 1,
    ...(claim && { quota: 1 }),
  }
}

/** The least that lets through what was paid and refuses what was refused. */
function budgetOf(receipts: readonly StoredReceipt[]): Acts['budget'] {
  const cut = receipts.filter(({ reason }) => reason === 'budget' || reason === 'issuance_cap')
  if (cut.length === 0) return undefined
  return {
    reason: cut[0]?.reason === 'issuance_cap' ? 'issuance_cap' : 'budget',
    allowance: receipts.reduce((sum, { points }) => sum + points, 0),
    whole: cut.every(({ points }) => points === 0),
  }
}

/** A place in a task that was given or not: it has nothing but its own receipt. */
export function placeOf({ receipts, session }: JournalEntry) {
  const [receipt] = receipts
  if (session !== 0 || receipt?.ruleNo !== TASK_RULE) return undefined
  const { task, baseMilli, growth, reason } = receipt
  return {
    task,
    rank: reason === 'task_full' ? 0 : 1,
    points: Math.round(baseMilli / 1000),
    growth,
  }
}
