/** What became of a spending that nobody finished: decided by what was done under the hold's id, and only by that. */

import { formatAccount } from '../../shared/ids.ts'
import type { HoldUse } from '../../shared/ledger.ts'
import { defineScript, roomSlot, type Store } from '../redis/index.ts'
import { kept } from './captures.ts'
import type { EffectsDeps, SellingDeps } from './deps.ts'
import { boxWins } from './draws.ts'
import { readEntered } from './enter.ts'
import { forsake } from './forsake.ts'
import { readGame } from './game.ts'
import { actKey, playKeysOf } from './keys.ts'
import { payPrizes } from './prizes.ts'
import source from './settle.lua'
import { readSubject, type Subject } from './spend.ts'
import { payHost, toHostOf } from './tips.ts'

const script = defineScript({
  name: 'effects.settle',
  source,
  keys: ['act', 'asks'],
  args: { ask: 'str' },
  replies: { void: {}, done: { state: 'str' } },
})

/** From here on nothing can be done under that id; answers what was done before, if anything. */
export async function settleInRoom(
  store: Store,
  { room, handle, id }: { room: string; handle: string; id: string },
): Promise<string | undefined> {
  const reply = await script.run(store, {
    keys: { act: actKey(room, handle, id), asks: playKeysOf(room).asks },
    args: { ask: `${handle}:${id}` },
  })
  return reply.tag === 'done' ? reply.state : undefined
}

export interface OverdueHold {
  account: number
  id: string
  use: HoldUse
  subject: string
}

/**
 * Decides an overdue hold of ours; what is due besides the points is done first, once. What the room answers is written
 * in the step that answers, and a room that forgot it could decide otherwise: so it waits until that cannot be.
 */
export async function settleHold(
  deps: EffectsDeps,
  hold: OverdueHold,
): Promise<'capture' | 'void' | 'later'> {
  const subject = readSubject(hold.subject)
  if (!subject) return 'void'
  const handle = formatAccount(hold.account)
  if (subject.kind === 'owned') {
    if (await forsake(deps, { ...hold, subject })) return 'void'
    deps.onOwned?.(hold.account)
    return 'capture'
  }
  const { room } = subject
  const state = await settleInRoom(deps.store, { room, handle, id: hold.id })
  const there = deps.partitions.slotOf(hold.account)
  if (!(await kept(deps.certain?.({ slot: roomSlot(room), with: there })))) return 'later'
  if (state === undefined) return 'void'
  const passed = await payWhatIsDue(deps, { ...hold, subject, state })
  return (await kept(passed?.lasts)) ? 'capture' : 'later'
}

async function payWhatIsDue(
  deps: EffectsDeps,
  of: {
    subject: Exclude<Subject, { kind: 'owned' }>
    state: string
    account: number
    id: string
  },
): Promise<{ lasts: Promise<void> } | undefined> {
  const { subject, state, account, id } = of
  const toHost = toHostOf(state)
  if (subject.kind === 'tip' && toHost !== undefined)
    return payHost(deps, { room: subject.room, account, id, points: toHost })
  const entered = readEntered(state)
  if (subject.kind !== 'game' || !entered) return
  const { room } = subject
  const game = await readGame(deps.store, room, subject.game)
  if (!game) return
  const wins = boxWins(room, game, { ...entered, handle: formatAccount(account) })
  await payPrizes(deps, {
    room,
    game: game.number,
    prizes: game.prizes,
    wins,
  })
  return
}

/** Safe mode: everything that waits for the host goes back. What cannot be given back now is when it is overdue. */
export async function lapseAsks(
  deps: SellingDeps,
  room: string,
  asks: readonly { account: number; handle: string; id: string }[],
): Promise<void> {
  for (const { account, handle, id } of asks) {
    const state = await settleInRoom(deps.store, { room, handle, id })
    if (state === undefined) await deps.captures.void({ account, room, id })
  }
}
