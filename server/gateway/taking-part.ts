/** Taking part earns by itself, win or lose: a vote, a draw, blind boxes, a flash window; once per viewer and each. */

import type { Mine } from '../../shared/effects.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { Action } from '../../shared/receipt.ts'
import { partId } from '../effects/index.ts'
import { flashPartId, forgetFlashPart } from '../rewards/index.ts'
import { creditEvent } from './credit.ts'
import type { GatewayDeps } from './deps.ts'
import type { Viewer } from './viewer.ts'

/** Whether anything counts it here; what nothing counts needs no receipt that says so. */
function counts({ hub, rulebook }: Pick<Viewer, 'hub' | 'rulebook'>, action: Action): boolean {
  return (
    hub.contexts.most({ action, units: 1, refused: 0 }, rulebook) > 0 ||
    rulebook.book.quests.some((quest) => quest.enabled && quest.action === action)
  )
}

/** Credits a part in a game. What cannot be credited now is owed, and is credited when the game ends. */
export async function creditPart(
  deps: GatewayDeps,
  viewer: Viewer,
  part: { game: number; action: 'vote' | 'join'; entered: number; mine: Mine },
): Promise<void> {
  const { hub, account, handle } = viewer
  const { game, action, entered, mine } = part
  // The first entry, or a repeat of it; later ones are parts in the same game.
  if (mine.count > entered) return
  const room = hub.room.id
  const id = `${action} ${partId({ room, game })}`
  try {
    const credited =
      !counts(viewer, action) || (await creditEvent(deps, hub, { account, id, action }))
    if (credited) await deps.effects.credited({ room, game, handle })
  } catch (error) {
    deps.log.warn({ err: error, room, game }, 'a part in a game waits for its end')
  }
}

/** Who was there when a flash window was open, also where everything was gone already. */
export async function creditFlash(
  deps: GatewayDeps,
  viewer: Viewer,
  of: { reward: string; answer: { ok: true } | Refusal },
): Promise<void> {
  const { hub, account } = viewer
  if (!of.answer.ok && of.answer.code !== 'sold_out') return
  const { flash } = deps.rewards.catalogue.current().rewards.get(of.reward)?.doc ?? {}
  if (!flash || hub.state !== 'open') return
  try {
    const opensAtMs = await deps.rewards.shelf.flashOpened(of.reward)
    if (opensAtMs === undefined) return
    const part = { reward: of.reward, opensAtMs, account, room: hub.room.id }
    const credited =
      !counts(viewer, 'join') ||
      (await creditEvent(deps, hub, { account, id: `join ${flashPartId(part)}`, action: 'join' }))
    if (credited) await forgetFlashPart(deps.store, part)
  } catch (error) {
    deps.log.warn(
      { err: error, reward: of.reward },
      'a part in a flash window waits for the worker',
    )
  }
}
