/** One viewer's connection: what it sent and waits for, and what it is shown. */

import type { AccountState } from '../../shared/account-state.ts'
import type { Ownership } from '../../shared/effects.ts'
import { ERRORS, type ErrorCode, refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import { ONE } from '../../shared/points.ts'
import { birthdayFactor } from '../../shared/rulebook/privileges.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { randomNonce } from '../kernel/index.ts'
import type { WrittenKeys } from '../redis/index.ts'
import {
  type AnswerReader,
  type ScoredAction,
  type StoredReceipt,
  scoreKeys,
  tellGateways,
  toReceipt,
  type ViewerScore,
} from '../scoring/index.ts'
import { AnswerWriter } from './answer-writer.ts'
import { ClubTitle } from './club-title.ts'
import { commentLook } from './comment-look.ts'
import type { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'
import type { Devices } from './devices.ts'
import type { Actor, Intake, Pending } from './intake.ts'
import type { RoomBudget } from './room-budget.ts'
import type { RoomHub } from './room-hub.ts'
import type { Ack } from './sockets.ts'
import {
  hasComment,
  newAction,
  refusedBy,
  type SentComment,
  type ViewerAction,
} from './viewer-action.ts'

/** One client's run of commands: within it every sequence number is credited once. */
export interface ClientSession {
  /** Redis time at which it began. */
  startMs: number
  nonce: number
}

/** What the viewers of a gateway share. */
export interface ViewerTools {
  deps: GatewayDeps
  intake: Intake
  devices: Devices
}

const UNSCORED: Record<Exclude<AnswerReader['status'], 'ok'>, ErrorCode> = {
  internal: 'internal',
  session_expired: 'session_expired',
  room_ended: 'room_ended',
}
/** A client whose command could not be scored comes back with it after this. */
const BUSY_AFTER_MS = 500

/** Answers are written one after the other. */
const writer = new AnswerWriter()

const NO_TIER: AccountState['tier'] = { rung: 0, growth: 0, promotions: 0 }
/** Shared by all who own nothing. */
const NOTHING_OWNED: Ownership = {}

export class Viewer implements Actor {
  readonly account: number
  readonly session: ClientSession
  /** The next birthday, or the one that is today. */
  birthday: { fromMs: number; untilMs: number } | undefined
  /** What its segments multiply points by, as they were when the viewer came in. */
  factor = 1
  readonly connection: Connection
  readonly #tools: ViewerTools
  tier: AccountState['tier'] = NO_TIER
  /** Points of this live. */
  earned = 0
  gathered: object | undefined
  /** Whether the account has other devices on this gateway. */
  hasOthers = false
  pending: Pending | undefined
  #keys: { live: number; written: WrittenKeys } | undefined
  #arm: { of: object; rulebook: PublishedRulebook } | undefined
  owned: Ownership = NOTHING_OWNED
  /** Made when it first says something. */
  clubTitle: ClubTitle | undefined

  constructor(
    of: { connection: Connection; account: number; session: ClientSession },
    tools: ViewerTools,
  ) {
    this.#tools = tools
    this.account = of.account
    this.session = of.session
    this.connection = of.connection
  }

  get rung(): number {
    return this.tier.rung
  }

  /** Multiplier of the person alone, in thousandths: of its segments, or what the tier gives on the day of birth. */
  get personal(): number {
    const own = Math.round(this.factor * ONE)
    if (!this.birthday) return own
    const { clock, rulebook } = this.#tools.deps
    const { fromMs, untilMs } = this.birthday
    const now = clock.now()
    return now >= fromMs && now < untilMs
      ? Math.max(own, birthdayFactor(rulebook().book.ladder, this.rung) * ONE)
      : own
  }

  /** Rungs by which a day pass lifts it, until the day ends. */
  get boost(): number {
    const { boost } = this.tier
    return boost && this.#tools.deps.clock.now() < boost.untilMs ? boost.rungs : 0
  }

  get handle(): string {
    return formatAccount(this.account)
  }

  get name(): string {
    return this.connection.claims.name
  }

  get hub(): RoomHub {
    return this.connection.hub
  }

  get live(): number {
    return this.hub.live
  }

  /** The rules by which it is scored: those of the room, or of its arm of an experiment. */
  get rulebook(): PublishedRulebook {
    const { playing } = this.#tools.deps
    const { byAccount } = playing
    if (byAccount === undefined) return this.hub.rulebook
    // Its arm is found once for as long as nothing changes.
    if (this.#arm?.of !== byAccount)
      this.#arm = { of: byAccount, rulebook: playing.of(this.account) }
    return this.#arm.rulebook
  }

  context(): Buffer {
    return this.hub.contexts.packed(this.rulebook)
  }

  get budget(): RoomBudget | undefined {
    return this.hub.budget
  }

  most(action: ScoredAction): number {
    return this.hub.contexts.most(action, this.rulebook)
  }

  keys(): WrittenKeys {
    const { account, live } = this
    if (this.#keys?.live !== live) {
      const slot = this.#tools.deps.partitions.slotOf(account)
      this.#keys = { live, written: scoreKeys(slot, account, live) }
    }
    return this.#keys.written
  }

  like(seq: number, count: number, ack: Ack): void {
    this.#act(newAction('like.send', 'like', { seq, units: count, ack }))
  }

  comment(seq: number, comment: SentComment, ack: Ack): void {
    const { deps } = this.#tools
    if (deps.clubs.isOn) {
      this.clubTitle ??= new ClubTitle()
      this.clubTitle.refresh(deps, this)
    }
    const { gated, question } = comment
    const action = question ? 'question' : 'comment'
    const of = { seq, p1: gated.hash, refused: refusedBy(gated), comment, ack }
    this.#act(newAction('comment.send', action, of))
  }

  share(seq: number, of: { p1: number; refused: number }, ack: Ack): void {
    this.#act(newAction('share.send', 'share', { seq, ...of, ack }))
  }

  signIn(seq: number, ack: Ack): void {
    this.#act(newAction('signIn.send', 'sign_in', { seq, ack }))
  }

  beat(beat: { seq: number; nonce: number; visible: boolean }, ack: Ack): void {
    const { seq, nonce, visible } = beat
    const of = { seq, units: visible ? 1 : 0, p1: nonce, p2: randomNonce(), ack }
    this.#act(newAction('watch.beat', 'watch', of))
  }

  /** Hands one command to scoring; it is answered when its batch has come back. */
  #act(action: ViewerAction): void {
    if (this.hub.state !== 'open') return this.#refuse(action, 'room_ended')
    if (!this.#tools.intake.add(this, action)) this.#refuse(action, 'busy')
  }

  #refuse(action: ViewerAction, code: ErrorCode): void {
    if (!action.waits) return
    action.waits = false
    const later = ERRORS[code].retry === 'later'
    this.connection.answer(action, refuse(code, later ? { afterMs: BUSY_AFTER_MS } : {}))
  }

  answered(actions: readonly ViewerAction[], answer: AnswerReader | undefined, atMs: number): void {
    if (answer?.status === 'ok') {
      if (actions.length === 1) this.#scored(actions, answer, atMs)
      else this.connection.link.together(() => this.#scored(actions, answer, atMs))
      return
    }
    const code = answer ? UNSCORED[answer.status] : 'busy'
    for (const action of actions) this.#refuse(action, code)
    if (code === 'busy') this.hub.refused()
  }

  #scored(actions: readonly ViewerAction[], answer: AnswerReader, atMs: number): void {
    const { connection } = this
    const { devices } = this.#tools
    this.tier = answer.state.tier
    this.earned = answer.state.live.points
    const { book } = this.rulebook
    const epoch = devices.epochOf(this.account)
    const shown = { book, epoch, payers: this.hub.payers, atMs }
    writer.begin(answer, shown, actions.length)
    for (let i = 0; i < actions.length; i++) {
      const action = actions[i]
      if (!action) continue
      const outcome = answer.outcome(i)
      if (outcome === 'too_old') this.#refuse(action, 'too_old')
      else if (action.waits) {
        connection.answered(action.command)
        if (action.ack !== undefined)
          connection.link.answerWritten(action.ack, writer.answer(action.seq, outcome))
        else if (connection.watermarks) writer.mark(action.seq, outcome)
      }
    }
    const watermark = writer.watermark()
    if (watermark) connection.link.sendWritten('commands.scored', watermark)
    this.#spread(actions, answer, atMs)
  }

  /** The comments stay with their actions: those that are applied in the end are shown. */
  overdue(actions: readonly ViewerAction[]): void {
    for (const action of actions) this.#refuse(action, 'busy')
    this.hub.refused()
  }

  /** A comment that the gate lets through is shown, also where it pays nothing because of a cap. */
  #say({ comment, seq }: ViewerAction, receipts: readonly StoredReceipt[], atMs: number): void {
    const repeated = receipts.some((r) => r.seq === seq && r.reason === 'comment_repeated')
    if (!comment?.gated.shown || repeated) return
    this.hub.say({
      handle: this.handle,
      name: this.name,
      rung: this.rung,
      text: comment.gated.text,
      atMs,
      ...(comment.question && { question: true as const }),
      ...commentLook(this.#tools.deps, this),
    })
  }

  /** Tells the room what this did to it, and the viewer's other devices what changed. */
  #spread(actions: readonly ViewerAction[], answer: AnswerReader, atMs: number): void {
    if (!answer.hasEntry) return
    this.hub.scored(this, answer)
    const isAlone = !answer.isElsewhere && !this.hasOthers
    if (isAlone && !actions.some(hasComment)) return
    // Few answers go further than to the one who waits for them; those are read as a whole.
    const whole = answer.whole()
    if (whole.status !== 'ok' || !whole.entry) return
    const { receipts } = whole.entry
    actions.forEach((action, i) => {
      if (whole.outcomes[i] === 'applied') this.#say(action, receipts, atMs)
    })
    if (!isAlone) this.#tellOthers(whole, atMs)
  }

  #tellOthers({ entry, elsewhere }: ViewerScore, atMs: number): void {
    if (!entry) return
    const { deps, devices } = this.#tools
    const { book } = this.rulebook
    const receipts = entry.receipts.map((stored) =>
      toReceipt(stored, { book, rulebook: entry.rulebook, atMs }),
    )
    devices.changed({ account: this.account, receipts }, this)
    if (elsewhere.length > 0)
      tellGateways(deps.store, elsewhere, { account: this.account, receipts })
  }
}
