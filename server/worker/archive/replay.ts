/** Everything that a partition's journal tells of its accounts, from the first element on. */

import { formatAccount } from '../../../shared/ids.ts'
import type { LedgerEntry, Move } from '../../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import { DAY_MS } from '../../../shared/time.ts'
import { Unpacker } from '../../kernel/index.ts'
import {
  GROWN_MS,
  type GrowthEntry,
  type JournalEntry,
  QUEST_RULE,
  readJournal,
  type StoredReceipt,
  TASK_RULE,
} from '../../scoring/index.ts'
import {
  type AccountEntry,
  emptyWallet,
  type Hold,
  type Rung,
  readLedgerEntry,
  type Wallet,
} from '../../wallet/index.ts'
import { formatId, type JournalElement } from '../element.ts'
import { ELEMENTS_PER_BREATH } from '../limits.ts'
import { changeHold, openHold } from './replay-holds.ts'
import { KeptReplay } from './replay-kept.ts'
import { addTo, mergeAbove, takeFrom } from './replay-lots.ts'

/** Under this number an account remembers for ever that it has had its first order. */
export const FIRST_ORDER = 251
/** Growth of viewers is counted on this ladder. */
const PLATFORM_LADDER = 1
const LEDGER_LAYOUT = 4
/** Where the entries of a ledger element begin: behind its layout, time and count. */
const LEDGER_ENTRIES_AT = 9
/** Redis remembers so long what was given back or done. */
export const REMEMBERED_MS = 90 * DAY_MS
/** And so long what was spent: it can come back (wallet, W10). */
const SPENT_REMEMBERED_MS = 400 * DAY_MS

export interface ReplayedAccount {
  account: number
  frozen: boolean
  changes: number
  wallet: Wallet
  /** Fractions that cannot be told: an award was capped before its multiplier. */
  carryUnknown: [boolean, boolean]
  /** Undefined where nothing was ever scored. */
  ladder: Rung | undefined
  /** Units that each rule has ever counted. */
  counted: Map<number, number>
  /** Steps that each quest has ever paid, by its number. */
  quests: Map<number, number>
}

/** For how long Redis remembers a settled hold, ms. */
export const lifeOf = ({ captured }: Hold): number =>
  captured > 0 ? SPENT_REMEMBERED_MS : REMEMBERED_MS

/** What an id stands for, so that a repeat does nothing. */
export interface Done {
  account: number
  id: string
  /** The entry as it was packed; undefined where only the id counts. */
  entry: Buffer
  cause: LedgerEntry['cause']
  atMs: number
}

export interface ReplayedHold extends Hold {
  account: number
  settledAtMs: number
}

/** Causes whose ids are those of holds, or that have none. */
const NOT_DONE = new Set<LedgerEntry['cause']>([
  ...(['held', 'captured', 'voided', 'lapsed', 'refunded', 'due', 'dropped'] as const),
  ...(['sent', 'merged_out', 'frozen', 'unfrozen', 'expired', 'live_ended'] as const),
])
const OPENS = new Set<LedgerEntry['cause']>(['held', 'pending'])

const isBucket = (place: string): place is Bucket => place in BUCKETS
const nameOf = (account: number, id: string) => `${account}:${id}`

export class Replay {
  readonly accounts = new Map<number, ReplayedAccount>()
  /** Open, or given back. */
  readonly #holds = new Map<string, ReplayedHold>()
  /** Those of which something was spent. */
  readonly #spent = new Map<string, ReplayedHold>()
  readonly done = new Map<string, Done>()
  /** Growth that was changed, each once per id. */
  readonly grown = new Map<
    string,
    Pick<GrowthEntry, 'account' | 'ref' | 'growth'> & { atMs: number }
  >()
  readonly kept = new KeptReplay()
  /** Points spent, by `issuer:at`. */
  readonly settlement = new Map<string, number>()
  /** Sentences that name the element; where there is one, the replay cannot be relied upon. */
  readonly problems: string[] = []
  elements = 0
  lastAtMs = 0
  /** The newest live that anything happened in. */
  lastLive = 0
  /** Entries of releases that did not yet say which lots points went to. */
  untold = 0

  /** Those that Redis still remembers, of every state. */
  allHolds(): ReplayedHold[] {
    return [...this.#holds.values(), ...this.#spent.values()]
  }

  openHolds(): ReplayedHold[] {
    return [...this.#holds.values()].filter(({ state }) => state === 'open')
  }

  take({ id, bytes }: JournalElement): void {
    this.elements++
    try {
      const { atMs, entries, ledger, growth, kept } = readJournal(bytes)
      this.lastAtMs = Math.max(this.lastAtMs, atMs)
      for (const entry of entries) this.#score(entry, id)
      const raw = bytes[0] === LEDGER_LAYOUT ? rawEntries(bytes, ledger.length) : []
      for (const [i, entry] of ledger.entries()) this.#move(entry, raw[i], id)
      for (const entry of kept) this.kept.take(entry, atMs)
      for (const entry of growth) {
        const of = this.#of(entry.account, entry.version, id)
        const { account, ref, growth: by } = entry
        if (ref !== '') this.grown.set(nameOf(account, ref), { account, ref, growth: by, atMs })
        of.ladder ??= emptyLadder()
        if (entry.ladder !== of.ladder.ladder) continue
        of.ladder.growth += entry.growth
        of.ladder.rung = entry.rung
      }
    } catch (error) {
      this.#says(id, error instanceof Error ? error.message : String(error))
    }
    if (this.elements % ELEMENTS_PER_BREATH === 0) this.forget()
  }

  #says(id: JournalElement['id'], text: string): void {
    this.problems.push(`element ${formatId(id)}: ${text}`)
  }

  #of(account: number, version: number, id: JournalElement['id']): ReplayedAccount {
    const of = this.accounts.get(account) ?? emptyAccount(account)
    this.accounts.set(account, of)
    if (version !== of.changes + 1)
      this.#says(
        id,
        `account ${formatAccount(account)} has change ${version} after ${of.changes}, so something is missing`,
      )
    of.changes = version
    return of
  }

  #score(entry: JournalEntry, id: JournalElement['id']): void {
    const of = this.#of(entry.account, entry.version, id)
    const { wallet } = of
    const { issuer, live, month } = entry
    const lot = { issuer, live, month }
    if (entry.issuer === 0) this.untold++
    this.lastLive = Math.max(this.lastLive, entry.live)
    of.ladder ??= emptyLadder()
    for (const receipt of entry.receipts) {
      if (receipt.points > 0) {
        addTo(wallet.lots, { bucket: receipt.bucket, ...lot }, receipt.points)
        wallet.issued += receipt.points
      }
      of.ladder.growth += receipt.growth
      countReceipt(of, receipt)
    }
    for (const { ladder, rung, no } of entry.promotions)
      if (ladder === of.ladder.ladder) Object.assign(of.ladder, { rung, promotions: no })
    mergeAbove(wallet.lots)
  }

  #move(entry: AccountEntry, raw: Buffer | undefined, id: JournalElement['id']): void {
    const { account, cause, ref, atMs } = entry
    const of = this.#of(account, entry.version, id)
    if (cause === 'frozen' || cause === 'unfrozen') of.frozen = cause === 'frozen'
    for (const move of entry.moves) {
      if (!moveIn(of.wallet, move))
        this.#says(
          id,
          `account ${formatAccount(account)} has not the ${move.points} ${move.from} points that moved`,
        )
      this.#settle(move, entry.at)
    }
    mergeAbove(of.wallet.lots)
    if (ref === '') return
    const name = nameOf(account, ref)
    const hold = this.#holds.get(name) ?? this.#spent.get(name)
    if (OPENS.has(cause)) {
      const opened = openHold(entry)
      if (opened) this.#holds.set(name, { ...opened, account, settledAtMs: 0 })
    } else if (hold) {
      changeHold(hold, entry)
      // Last again, so that those in front are the oldest.
      this.#holds.delete(name)
      this.#spent.delete(name)
      const those = hold.captured > 0 ? this.#spent : this.#holds
      those.set(name, { ...hold, settledAtMs: hold.state === 'open' ? 0 : atMs })
    }
    if (!NOT_DONE.has(cause) && raw)
      this.done.set(name, { account, id: ref, entry: raw, cause, atMs })
  }

  #settle({ from, to, issuer, points }: Move, at: number): void {
    const change =
      (from === 'held' && to === 'spent' ? points : 0) - (from === 'spent' ? points : 0)
    if (change === 0) return
    const field = `${issuer}:${at}`
    this.settlement.set(field, (this.settlement.get(field) ?? 0) + change)
  }

  /** Drops what Redis would have forgotten by the newest element. */
  forget(): void {
    this.kept.forget(this.lastAtMs)
    const before = this.lastAtMs - REMEMBERED_MS
    for (const [name, { atMs }] of this.done) {
      if (atMs >= before) break
      this.done.delete(name)
    }
    for (const [name, { atMs }] of this.grown) {
      if (atMs >= this.lastAtMs - GROWN_MS) break
      this.grown.delete(name)
    }
    for (const [name, { settledAtMs, state }] of this.#holds) {
      if (state === 'open') continue
      if (settledAtMs >= before) break
      this.#holds.delete(name)
    }
    for (const [name, hold] of this.#spent) {
      if (hold.settledAtMs >= this.lastAtMs - SPENT_REMEMBERED_MS) break
      this.#spent.delete(name)
    }
  }
}

const emptyLadder = (): Rung => ({ ladder: PLATFORM_LADDER, rung: 0, promotions: 0, growth: 0 })

const emptyAccount = (account: number): ReplayedAccount => ({
  account,
  frozen: false,
  changes: 0,
  wallet: emptyWallet(),
  carryUnknown: [false, false],
  ladder: undefined,
  counted: new Map(),
  quests: new Map(),
})

/** Entries of a ledger element as they are packed. */
function rawEntries(bytes: Buffer, count: number): Buffer[] {
  const from = new Unpacker(bytes, LEDGER_ENTRIES_AT)
  return Array.from({ length: count }, () => {
    const at = from.at
    readLedgerEntry(from, 0)
    return bytes.subarray(at, from.at)
  })
}

/** False where points left a lot that did not have them. */
export function moveIn(wallet: Wallet, { from, to, points, toMonth, ...lot }: Move): boolean {
  let there = true
  if (from === 'issued' || from === 'transferredIn') wallet[from] += points
  else if (!isBucket(from)) wallet[from] -= points
  else there = takeFrom(wallet.lots, { bucket: from, ...lot }, points)
  if (isBucket(to)) addTo(wallet.lots, { bucket: to, ...lot, month: toMonth }, points)
  else wallet[to] += points
  return there
}

/** Units for caps that never open again, and the fraction that the next award begins with. */
function countReceipt(of: ReplayedAccount, receipt: StoredReceipt): void {
  const { ruleNo, action, counted, baseMilli, multiplier, carry, points, reason } = receipt
  if (ruleNo === 0 || ruleNo === TASK_RULE || counted === 0) return
  if (ruleNo === QUEST_RULE) {
    const { task } = receipt
    if (reason !== 'progress') of.quests.set(task, (of.quests.get(task) ?? 0) + 1)
    return
  }
  of.counted.set(ruleNo, (of.counted.get(ruleNo) ?? 0) + counted)
  if (action === 'purchase') of.counted.set(FIRST_ORDER, 1)
  if (receipt.bucket !== 'spendable' && receipt.bucket !== 'session') return
  const no = receipt.bucket === 'spendable' ? 0 : 1
  const milli = Math.floor((baseMilli * counted * multiplier) / 1000) + carry
  of.wallet.carries[no] = points === Math.floor(milli / 1000) ? milli % 1000 : 0
  of.carryUnknown[no] = reason === 'award_cap'
}
