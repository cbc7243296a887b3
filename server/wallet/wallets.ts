/** Wallets as the rest of the server uses them: hold, capture, void, refund, issue, take, freeze. */

import { type ErrorCode, refuse } from '../../shared/errors.ts'
import type { Cause, LedgerEntry } from '../../shared/ledger.ts'
import { expiryMonth } from '../../shared/rulebook/expiry.ts'
import { monthBounds } from '../../shared/time.ts'
import { assert, Unpacker } from '../kernel/index.ts'
import { type AccountRecord, EMPTY_RECORD, readAccountRecord } from './account-record.ts'
import { freeze } from './freeze.ts'
import { hold, SUBJECT_BYTES_MAX } from './hold.ts'
import { type Hold, readHoldRecord } from './hold-record.ts'
import { type Issue, issue } from './issue.ts'
import { accountKey, doneKey, holdKey, openKey } from './keys.ts'
import { type AccountEntry, readLedgerEntry } from './ledger.ts'
import { writeNote } from './notes.ts'
import { poolAt, type Spot } from './pool.ts'
import type { Purse } from './purse.ts'
import { type Reminder, remind } from './remind.ts'
import { renew } from './renew.ts'
import type {
  HoldRequest,
  IssueRequest,
  Named,
  TakeRequest,
  WalletAnswer,
  WalletsOptions,
} from './requests.ts'
import { type Settlement, settle } from './settle.ts'
import { take } from './take.ts'

const REFUSED = {
  conflict: 'id_conflict',
  frozen: 'account_frozen',
  many: 'too_many_holds',
  missing: 'hold_not_found',
  closed: 'hold_closed',
  expired: 'hold_expired',
  over: 'issuance_cap',
  early: 'busy',
  asks: 'busy',
  busy: 'busy',
  unreadable: 'internal',
} as const satisfies Record<string, ErrorCode>

/** Balances taken over from another tool, and points passed on that somebody else has burned. */
const BESIDE: ReadonlySet<Cause> = new Set(['imported', 'tipped'])
/** The operation of callers who name none: all their settlements of one hold are one. */
const ONCE = 'once'
/** An entry as its owner sees it. */
const own = ({ account: _, ...entry }: AccountEntry): LedgerEntry => entry

export class Wallets {
  readonly #options: WalletsOptions

  constructor(options: WalletsOptions) {
    this.#options = options
  }

  /** Puts points aside; the same id with other input is `id_conflict`, with the same input the hold as it is. */
  async hold(request: HoldRequest): Promise<WalletAnswer<{ hold: Hold }>> {
    const { id, account, points, use, at, forMs } = request
    assert(points > 0 && forMs > 0, 'a hold is of points and for a time')
    const { subject = '', by = '', live = 0, pay = 'any' } = request
    assert(Buffer.byteLength(subject) <= SUBJECT_BYTES_MAX, 'a subject is short')
    const order = this.#policy().spendOrder
    const issuers = request.issuers ?? (await this.poolOf(request))
    const asked = request.issuers ?? []
    const input = { id, points, forMs, use, subject, by, at, live, pay, order, issuers, asked }
    const reply = await hold(this.#options.store, this.#purse(account), input)
    switch (reply.tag) {
      case 'held':
        this.#moved(reply.entry, reply.now_ms)
        return { ok: true, hold: readHoldRecord(id, reply.hold) }
      case 'replayed':
        return { ok: true, dup: true, hold: readHoldRecord(id, reply.hold) }
      case 'short':
        return reply.there + reply.elsewhere < points
          ? refuse('points_short', { have: reply.there })
          : refuse('points_elsewhere', { have: reply.there, elsewhere: reply.elsewhere })
      default:
        return refuse(REFUSED[reply.tag])
    }
  }

  /**
   * Spends what is held, or `points` of it; the rest goes back. Pending points become due. `op` names who does it:
   * the same again is a repeat, another finds `hold_closed`. After the deadline `hold_expired`, unless `late`.
   */
  capture(
    of: Named & { points?: number; late?: boolean; op?: string; by?: string },
  ): Promise<WalletAnswer<{ hold: Hold }>> {
    const { points = 0, late = false, op = ONCE, by = '' } = of
    return this.#settle(of, { act: 'capture', points, late, lapsed: false, graceMonths: 0, op, by })
  }

  /** Whether points were given or taken under this id, as far back as ids are remembered. */
  async did({ account, id }: Named): Promise<boolean> {
    const { store, partitions } = this.#options
    return (await store.exists(doneKey(partitions.slotOf(account), account, id))) > 0
  }

  /** Gives back what is held, as it was: what has expired meanwhile expires (W26). */
  void(
    of: Named & { lapsed?: boolean; op?: string; by?: string },
  ): Promise<WalletAnswer<{ hold: Hold }>> {
    const { lapsed = false, op = ONCE, by = '' } = of
    return this.#settle(of, { act: 'void', points: 0, late: true, lapsed, graceMonths: 0, op, by })
  }

  /**
   * Returns what was captured, all or part, to the lots it came from; once per `refundId`. Where the viewer
   * `changedMind` there is no grace for what has expired meanwhile.
   */
  refund(
    of: Named & { refundId: string; points?: number; by?: string; changedMind?: boolean },
  ): Promise<WalletAnswer<{ hold: Hold }>> {
    const { refundId: op, points = 0, by = '', changedMind = false } = of
    const graceMonths = changedMind ? 0 : this.#policy().refundGraceMonths
    return this.#settle(of, {
      act: 'refund',
      points,
      late: true,
      lapsed: false,
      graceMonths,
      op,
      by,
    })
  }

  async #settle(
    { account, id }: Named,
    how: Omit<Settlement, 'id' | 'runs'>,
  ): Promise<WalletAnswer<{ hold: Hold }>> {
    const { store, runs } = this.#options
    const settlement = { ...how, id }
    const purse = this.#purse(account)
    const first = await settle(store, purse, settlement)
    const reply =
      first.tag === 'asks'
        ? await settle(store, purse, { ...settlement, runs: (await runs?.(first.live)) ?? false })
        : first
    switch (reply.tag) {
      case 'settled':
        this.#moved(reply.entry, reply.now_ms)
        return { ok: true, hold: readHoldRecord(id, reply.hold) }
      case 'replayed':
        return { ok: true, dup: true, hold: readHoldRecord(id, reply.hold) }
      case 'more':
        return refuse('points_short', { field: 'points', have: reply.most })
      default:
        return refuse(REFUSED[reply.tag])
    }
  }

  /** Gives points; a frozen account gets them frozen. `transferredIn` for what left another account. */
  async issue(request: IssueRequest): Promise<WalletAnswer<{ entry: LedgerEntry }>> {
    const { account, id, cause, subject = '', by = '', at = 0, pendingMs = 0 } = request
    const lots = request.lots.map((lot) => ({ ...lot, month: lot.month ?? this.#monthOfNew() }))
    const from = cause === 'received' || cause === 'merged_in' ? 'transferredIn' : 'issued'
    await this.#note(account, id, request.note)
    const input = { id, lots, cause, from, pendingMs, subject, by, at } as const
    return this.#entered(await this.#issue(account, input))
  }

  async #issue(account: number, input: Issue): Promise<Awaited<ReturnType<typeof issue>>> {
    const { store, issuance } = this.#options
    const purse = this.#purse(account)
    if (!issuance || input.from !== 'issued') return issue(store, purse, input)
    const points = input.lots.reduce((sum, lot) => sum + lot.points, 0)
    if (BESIDE.has(input.cause)) {
      const reply = await issue(store, purse, input)
      if (reply.tag === 'issued') issuance.beside(points)
      return reply
    }
    const done = await issuance.within(points, async (allowance) => {
      const reply = await issue(store, purse, { ...input, allowance })
      return { reply, paid: reply.tag === 'issued' ? points : 0 }
    })
    return done?.reply ?? { tag: 'busy' }
  }

  /** Takes points back. Less than asked for is `points_short`, unless `partial`; the entry says how many it were. */
  async take(request: TakeRequest): Promise<WalletAnswer<{ entry: LedgerEntry }>> {
    const { account, id, points, partial = false, cause = 'revoked' } = request
    const { subject = '', by = '', at = 0, issuers = [], asked = issuers } = request
    await this.#note(account, id, request.note)
    const input = { id, points, partial, cause, subject, by, at, issuers, asked }
    return this.#entered(await take(this.#options.store, this.#purse(account), input))
  }

  /** Stops an account or lets it go on. `dup` where it is so already. */
  async freeze(
    of: Named & { freeze: boolean; by: string; note?: string },
  ): Promise<WalletAnswer<{ entry?: LedgerEntry }>> {
    await this.#note(of.account, of.id, of.note)
    const how = { ...of, graceMonths: this.#policy().refundGraceMonths }
    const reply = await freeze(this.#options.store, this.#purse(of.account), how)
    if (reply.tag === 'same') return { ok: true, dup: true }
    if (reply.tag !== 'changed') return refuse(REFUSED[reply.tag])
    return { ok: true, entry: this.#moved(reply.entry, reply.now_ms) }
  }

  /**
   * Makes points that are good at that spot last as long as new ones, what would expire first; nothing where the
   * rulebook does not renew.
   */
  async renew(
    of: Named & Spot & { points: number; subject?: string },
  ): Promise<WalletAnswer<{ entry?: LedgerEntry }>> {
    const { expiry, renewal } = this.#policy()
    if (renewal !== 'spend' || expiry.kind !== 'rolling' || of.points < 1) return { ok: true }
    const { id, points, subject = '' } = of
    const issuers = await this.poolOf(of)
    const how = { id, points, lastsMonths: expiry.months, subject, issuers }
    const reply = await renew(this.#options.store, this.#purse(of.account), how)
    if (reply.tag === 'nothing') return { ok: true }
    return this.#entered(reply)
  }

  /** Reminds the viewer of something that ends, once per id. */
  async remind(of: Reminder & { account: number }): Promise<WalletAnswer<{ entry?: LedgerEntry }>> {
    return this.#entered(await remind(this.#options.store, this.#purse(of.account), of))
  }

  /** Points that could pay at that spot now, and in a live where its number is given. */
  async payable(of: Spot & { account: number; live: number }): Promise<number> {
    const { rulebook, clock, nowMs } = this.#options
    const record = await this.readRecord(of.account)
    if (record.frozen) return 0
    const pool = await this.poolOf(of)
    const { month: now } = monthBounds(nowMs?.() ?? clock.now(), rulebook().book.timeZone)
    return record.wallet.lots.reduce((sum, { bucket, issuer, live, month, points }) => {
      const spendable = bucket === 'spendable' && (month === 0 || month > now)
      const session = bucket === 'session' && of.live > 0 && live === of.live
      return (spendable || session) && pool.includes(issuer) ? sum + points : sum
    }, 0)
  }

  /** The account as it is stored; an empty one where there is none yet. Throws where it cannot be read. */
  async readRecord(account: number): Promise<AccountRecord> {
    const { store, partitions } = this.#options
    const bytes = await store.getBuffer(accountKey(partitions.slotOf(account), account))
    return bytes ? readAccountRecord(bytes) : EMPTY_RECORD
  }

  /** The hold or the pending points of that id; undefined where there are none, or were given back 90 days ago, or captured 400. */
  async readHold({ account, id }: Named): Promise<Hold | undefined> {
    const { store, partitions } = this.#options
    const bytes = await store.getBuffer(holdKey(partitions.slotOf(account), account, id))
    return bytes ? readHoldRecord(id, bytes) : undefined
  }

  /** What an account has open, oldest deadline first. */
  async openHolds(account: number): Promise<Hold[]> {
    const { store, partitions } = this.#options
    const ids = await store.smembers(openKey(partitions.slotOf(account), account))
    const found = await Promise.all(ids.map((id) => this.readHold({ account, id })))
    return found
      .flatMap((one) => (one?.state === 'open' ? [one] : []))
      .sort((a, b) => a.untilMs - b.untilMs)
  }

  /** Numbers of those whose points pay there, the narrowest first. */
  poolOf(spot: Spot): Promise<readonly number[]> {
    return poolAt(this.#policy(), this.#options.numbersOf, spot)
  }

  #policy() {
    return this.#options.rulebook().book.wallet
  }

  #purse(account: number): Purse {
    const { partitions, rulebook, journalMax, clock, nowMs } = this.#options
    return {
      slot: partitions.slotOf(account),
      account,
      timeZone: rulebook().book.timeZone,
      journalMax,
      aroundMs: clock.now(),
      ...(nowMs && { nowMs: nowMs() }),
    }
  }

  #monthOfNew(): number {
    const { rulebook, clock, nowMs } = this.#options
    const { timeZone, wallet } = rulebook().book
    return expiryMonth(wallet.expiry, monthBounds(nowMs?.() ?? clock.now(), timeZone).month)
  }

  /** Written first, so that there is no entry without its reason; a reason without an entry harms nobody. */
  async #note(account: number, id: string, note: string | undefined): Promise<void> {
    if (!note) return
    const { store, partitions, nowMs } = this.#options
    const at = { slot: partitions.slotOf(account), account }
    await writeNote(store, at, { ref: id, note, ...(nowMs && { nowMs: nowMs() }) })
  }

  #moved(bytes: Buffer, atMs: number): LedgerEntry {
    const entry = readLedgerEntry(new Unpacker(bytes), atMs)
    this.#options.onMoved?.(entry)
    return own(entry)
  }

  #entered(
    reply:
      | {
          tag: 'issued' | 'taken' | 'renewed' | 'reminded' | 'replayed'
          now_ms: number
          entry: Buffer
        }
      | { tag: 'short'; there: number }
      | { tag: 'conflict' | 'many' | 'over' | 'busy' | 'unreadable' },
  ): WalletAnswer<{ entry: LedgerEntry }> {
    switch (reply.tag) {
      case 'issued':
      case 'taken':
      case 'renewed':
      case 'reminded':
        return { ok: true, entry: this.#moved(reply.entry, reply.now_ms) }
      case 'replayed': {
        const entry = readLedgerEntry(new Unpacker(reply.entry), reply.now_ms)
        return { ok: true, dup: true, entry: own(entry) }
      }
      case 'short':
        return refuse('points_short', { have: reply.there })
      default:
        return refuse(REFUSED[reply.tag])
    }
  }
}
