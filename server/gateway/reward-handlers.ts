/** What a viewer asks of the catalogue, and what a payment lets them have. */

import type { Receipt } from '../../shared/receipt.ts'
import { withRecommended } from '../../shared/recommend.ts'
import type { Gain } from '../../shared/rewards.ts'
import { comingCut } from '../../shared/rulebook/warnings.ts'
import { privilegeViews } from '../../shared/tiers.ts'
import type { Visitor } from '../rewards/index.ts'
import type { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'
import type { Handlers } from './dispatch.ts'
import { creditFlash } from './taking-part.ts'
import type { Viewer } from './viewer.ts'

type RewardCommand =
  | 'privilege.list'
  | 'reward.list'
  | 'reward.redeem'
  | 'redemption.list'
  | 'redemption.cancel'

const visitorOf = ({ connection, account, live }: Viewer): Visitor => ({
  account,
  live,
  brand: connection.claims.brand,
  room: connection.hub.room.id,
  local: connection.hub.room.local,
})

export function rewardHandlers({
  deps,
  viewerOf,
}: {
  deps: GatewayDeps
  viewerOf: (connection: Connection) => Viewer
}): Pick<Handlers<Connection>, RewardCommand> {
  const { rewards, rulebook, coming, targeting } = deps
  const { shelf, redemptions } = rewards
  return {
    'reward.list': async (c, { near }) => {
      const viewer = viewerOf(c)
      const [shown, behaviour, together] = await Promise.all([
        shelf.list(visitorOf(viewer), near),
        // Without them nothing is recommended; the shelf is there all the same.
        targeting.read(viewer.account).catch(() => undefined),
        redemptions.takenTogether(viewer.account).catch(() => []),
      ])
      if (!shown.ok) return shown
      const orders = behaviour?.orders ?? 0
      const cut = comingCut(rulebook().book, coming())
      return {
        ...shown,
        rewards: withRecommended(shown.rewards, { orders, together }),
        ...(cut && { valueCut: cut }),
      }
    },
    'privilege.list': (c) => {
      const { tier, boost } = viewerOf(c)
      const standing = { rung: tier.rung, boost, untilMs: tier.boost?.untilMs }
      const privileges = privilegeViews(rulebook().book.ladder, standing)
      const { rung, keep } = tier
      return { ok: true, rung, privileges, ...(keep && { keep }) }
    },
    'reward.redeem': async (c, { id, reward, point, quoted }) => {
      const viewer = viewerOf(c)
      const answer = await redemptions.redeem({
        ...visitorOf(viewer),
        id,
        reward,
        ...(point !== undefined && { point }),
        quoted,
      })
      await creditFlash(deps, viewer, { reward, answer })
      return answer
    },
    'redemption.list': (c, { before }) =>
      redemptions.list({
        account: viewerOf(c).account,
        ...(before !== undefined && { before }),
      }),
    'redemption.cancel': (c, { id }) =>
      redemptions.cancel({ account: viewerOf(c).account, id, by: 'viewer' }),
  }
}

/** What a payment among these receipts brought; undefined where there is none. */
export async function gainOf(
  { rewards, log }: GatewayDeps,
  viewer: Viewer,
  receipts: readonly Receipt[],
): Promise<Gain | undefined> {
  const paid = receipts.filter(({ action }) => action === 'purchase' || action === 'order')
  const points = paid.reduce((sum, receipt) => sum + receipt.points, 0)
  try {
    return await rewards.shelf.gain(visitorOf(viewer), points)
  } catch (error) {
    log.warn({ err: error }, 'what a payment lets a viewer have could not be said')
    return undefined
  }
}
