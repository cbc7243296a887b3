/**
 * How points are spent on something in another slot: hold them, act under the hold's id, then capture or void.
 * Each step may be repeated; after a crash `settleHold` finishes what was begun.
 */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { HoldUse } from '../../shared/ledger.ts'
import { HOUR_MS } from '../../shared/time.ts'
import type { Spot, Wallets } from '../wallet/index.ts'
import type { SellingDeps } from './deps.ts'
import { forsake } from './forsake.ts'

export type Purse = Pick<Wallets, 'hold' | 'capture' | 'void' | 'issue' | 'readHold'>

/** What a spending is for; as the subject of its hold it leads back here after a crash. */
export type Subject =
  | { kind: 'broadcast' | 'tip'; room: string }
  | { kind: 'game'; room: string; game: number }
  | { kind: 'owned'; thing: string }

export function subjectText(subject: Subject): string {
  switch (subject.kind) {
    case 'game':
      return `game ${subject.room} ${subject.game}`
    case 'owned':
      return `owned ${subject.thing}`
    default:
      return `${subject.kind} ${subject.room}`
  }
}

/** Undefined where the subject is none of ours. */
export function readSubject(text: string): Subject | undefined {
  const [kind, what = '', game = ''] = text.split(' ')
  if (what === '') return undefined
  if (kind === 'broadcast' || kind === 'tip') return { kind, room: what }
  if (kind === 'owned') return { kind, thing: what }
  return kind === 'game' && Number(game) > 0 ? { kind, room: what, game: Number(game) } : undefined
}

/** Effects are held under ids of their own, so that no request of a viewer meets the hold of an order. */
export const holdId = (requestId: string): string => `fx-${requestId}`

/** A spending may be repeated so long after its deadline; what came of it is remembered for 48 h. */
const REPLAYED_MS = 40 * HOUR_MS

export interface Cost extends Spot {
  account: number
  /** Of the hold. */
  id: string
  points: number
  use: Extract<HoldUse, 'effect' | 'draw'>
  subject: Subject
  live: number
  forMs: number
}

/**
 * What acting came to. Before the points are taken the viewer is given what it won, and others their part; again after
 * a crash, so each has an id.
 */
export type Acted<T> = { ok: true; answer: T; wait?: true; passOn?: PassOn } | Refusal

/**
 * Answers until when the viewer's points stay held: what went to an account on another master may be forgotten there,
 * and nobody would bring it again. Undefined where nothing has to be waited for.
 */
export type PassOn = () => Promise<{ lasts: Promise<void> } | undefined>

/**
 * Spends points on an act. Where the act is refused the points are back before this answers; where it throws,
 * nobody knows, and the hold is settled when its time is over.
 */
export async function spend<T>(
  deps: Pick<SellingDeps, 'store' | 'partitions' | 'wallets' | 'captures' | 'clock' | 'nowMs'>,
  cost: Cost,
  act: () => Promise<Acted<T>>,
): Promise<{ ok: true; answer: T } | Refusal> {
  const { wallets: purse, clock, nowMs: given } = deps
  const { account, id, subject, ...rest } = cost
  const nowMs = given?.() ?? clock.now()
  const hold = () => purse.hold({ account, id, subject: subjectText(subject), ...rest })
  const held = await hold()
  if (!held.ok) return held
  const { state, untilMs } = held.hold
  // What came of an old one is forgotten; acting on it again would give it away.
  if (state === 'voided' || (state === 'captured' && nowMs > untilMs + REPLAYED_MS))
    return refuse('hold_closed')
  const acted = await act()
  if (!acted.ok) {
    // The same request over another connection may meet other circumstances a moment later, and act.
    if (await forsake(deps, { account, id, subject })) await purse.void({ account, id })
    return acted
  }
  if (acted.wait) return acted
  const room = subject.kind === 'owned' ? undefined : subject.room
  const taken = await deps.captures.take({ account, id, room, hold, passOn: acted.passOn })
  return taken.ok ? { ok: true, answer: acted.answer } : taken
}
