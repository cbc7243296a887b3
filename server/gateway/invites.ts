/** What viewers are shown of inviting: their own link, and what became of those who came by it. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { ReplyOf } from '../../shared/protocol/index.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { inviteHandle } from '../identity/index.ts'
import { invitesOf } from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import type { Viewer } from './viewer.ts'

/** Names the viewer in links where somebody who comes by one counts for something. */
export function linkHandle(
  { gate, rulebook }: Pick<GatewayDeps, 'gate' | 'rulebook'>,
  { account, hub }: Viewer,
): string | undefined {
  const { invite, shareProof }: Rulebook = rulebook().book
  if (!invite && shareProof !== 'clickThrough') return undefined
  return inviteHandle(gate.pepper, { account, brandNo: hub.room.brandNo })
}

/** Throws where Redis cannot be reached. */
export async function listInvites(
  deps: GatewayDeps,
  viewer: Viewer,
): Promise<ReplyOf<'invite.list'> | Refusal> {
  const { invite } = deps.rulebook().book
  if (!invite) return refuse('invites_off')
  const { points, invitedPoints, due, withinDays } = invite
  const standing = await invitesOf(deps, viewer.account)
  return { ok: true, points, invitedPoints, due, withinDays, ...standing }
}
