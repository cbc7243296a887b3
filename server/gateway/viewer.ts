/** One viewer's connection: what it sent and waits for, and what it is shown. */

import type { Scored } from '../../shared/account-state.ts'
import { type ErrorCode, refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import { type Action, REASONS, type Receipt } from '../../shared/receipt.ts'
import { randomNonce } from '../kernel/index.ts'
import {
  type ScoredAction,
  tellGateways,
  toReceipt,
  type ViewerAnswer,
  type ViewerScore,
} from '../scoring/index.ts'
import type { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'
import type { Devices } from './devices.ts'
import type { Answer } from './dispatch.ts'
import type { GatedComment } from './gate.ts'
import type { Actor, Intake } from './intake.ts'
import type { RoomHub } from './room-hub.ts'

interface Waiting {
  answer: (body: Answer) => void
  comment?: { gated: GatedComment; question: boolean }
}

/** Under its name commands are counted once. */
export interface ClientSession {
  /** Redis time at which it began. */
  startMs: number
  nonce: number
}

export interface ViewerOptions {
  deps: GatewayDeps
  connection: Connection
  account: number
  session: ClientSession
  intake: Intake
  devices: Devices
}

const UNSCORED: Record<Exclude<ViewerAnswer['status'], 'ok'>, ErrorCode> = {
  internal: 'internal',
  session_expired: 'session_expired',
  room_ended: 'room_ended',
}
/** A client whose command could not be scored comes back with it after this. */
const BUSY_AFTER_MS = 500

export class Viewer implements Actor {
  readonly account: number
  readonly handle: string
  readonly name: string
  readonly session: ClientSession
  readonly personal = 1000
  readonly connection: Connection
  readonly #options: ViewerOptions
  readonly #waiting = new Map<ScoredAction, Waiting>()
  rung = 0

  constructor(options: ViewerOptions) {
    this.#options = options
    this.account = options.account
    this.handle = formatAccount(this.account)
    this.name = options.connection.claims.name
    this.session = options.session
    this.connection = options.connection
  }

  get hub(): RoomHub {
    return this.connection.hub
  }

  get live(): number {
    return this.hub.live
  }

  context(): Buffer {
    return this.hub.context()
  }

  /** Hands one command to scoring; it answers when its batch has. */
  act(action: Action, command: Partial<ScoredAction> & { seq: number }, waiting: Waiting): void {
    if (this.hub.state !== 'open') return waiting.answer(refuse('room_ended'))
    const scored: ScoredAction = { action, units: 1, p1: 0, p2: 0, refused: 0, ...command }
    if (this.#options.intake.add(this, scored)) this.#waiting.set(scored, waiting)
    else waiting.answer(refuse('busy', { afterMs: BUSY_AFTER_MS }))
  }

  beat(command: { seq: number; nonce: number; visible: boolean }, answer: Waiting['answer']): void {
    this.act(
      'watch',
      {
        seq: command.seq,
        units: command.visible ? 1 : 0,
        p1: command.nonce,
        p2: randomNonce(),
      },
      { answer },
    )
  }

  answered(actions: readonly ScoredAction[], answer: ViewerAnswer | undefined, atMs: number): void {
    const waiting = actions.map((action) => {
      const found = this.#waiting.get(action)
      this.#waiting.delete(action)
      return found
    })
    if (answer?.status !== 'ok') {
      const code = answer ? UNSCORED[answer.status] : 'busy'
      for (const one of waiting) one?.answer(refuse(code, { afterMs: BUSY_AFTER_MS }))
      if (code === 'busy') this.hub.refused()
      return
    }
    this.rung = answer.state.tier.rung
    const account = this.#options.devices.shown(this.account, answer.state)
    const receipts = this.#receipts(answer, atMs)
    for (const [i, action] of actions.entries()) {
      const outcome = answer.outcomes[i]
      if (outcome === 'too_old') {
        waiting[i]?.answer(refuse('too_old'))
        continue
      }
      const own = receipts.filter((receipt) => receipt.seq === action.seq)
      const scored: Scored =
        outcome === 'dup'
          ? { ok: true, dup: true, account, receipts: [], atMs }
          : { ok: true, account, receipts: own, atMs }
      waiting[i]?.answer(scored)
      const comment = waiting[i]?.comment
      if (outcome === 'applied' && comment) this.#say(comment, own, atMs)
    }
    this.#spread(answer, receipts)
  }

  /** The comment stays: where it is applied in the end, it is shown. */
  overdue(actions: readonly ScoredAction[]): void {
    for (const action of actions) {
      const waiting = this.#waiting.get(action)
      waiting?.answer(refuse('busy', { afterMs: BUSY_AFTER_MS }))
      if (waiting) waiting.answer = () => undefined
    }
    this.hub.refused()
  }

  #receipts({ entry }: ViewerScore, atMs: number): Receipt[] {
    if (!entry) return []
    const { book } = this.#options.deps.rulebook()
    return entry.receipts.map((stored) =>
      toReceipt(stored, { book, rulebook: entry.rulebook, atMs }),
    )
  }

  /** A comment that the gate lets through is shown, also where it pays nothing because of a cap. */
  #say(
    { gated, question }: { gated: GatedComment; question: boolean },
    receipts: readonly Receipt[],
    atMs: number,
  ): void {
    const repeated = receipts.some(({ reason }) => reason === 'comment_repeated')
    if (!gated.shown || repeated) return
    this.hub.say({
      handle: this.handle,
      name: this.name,
      rung: this.rung,
      text: gated.text,
      atMs,
      ...(question && { question: true as const }),
    })
  }

  /** Tells the room what this did to it, and the viewer's other devices what changed. */
  #spread(answer: ViewerScore, receipts: Receipt[]): void {
    if (!answer.entry) return
    let issued = 0
    let watched = false
    for (const receipt of receipts) {
      issued += receipt.points
      if (receipt.action === 'watch' && receipt.counted > 0) watched = true
    }
    this.hub.scored({
      account: this.account,
      heat: answer.heat,
      heatBy: answer.heatBy,
      issued,
      watched,
      earned: answer.state.live.points,
      rung: answer.state.tier.rung,
      name: this.name,
    })
    const { deps, devices } = this.#options
    devices.changed(this.account, receipts, this)
    if (answer.elsewhere.length > 0)
      tellGateways(deps.store, answer.elsewhere, { account: this.account, receipts })
  }
}

/** What the gate refused arrives as a reason; everything else is decided in the account. */
export const refusedBy = (gated: GatedComment): number =>
  gated.text === '' ? REASONS.comment_short : gated.refused
