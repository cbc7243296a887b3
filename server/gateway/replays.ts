/** Replays that a viewer is led to: of the rooms the viewer watches most, what was missed and what was seen. */

import type { ReplyOf } from '../../shared/protocol/index.ts'
import { readReplays } from '../rooms/index.ts'
import type { GatewayDeps } from './deps.ts'
import type { Viewer } from './viewer.ts'

/** Newest first. Throws where Redis cannot be reached. */
export async function listReplays(
  { store, targeting }: Pick<GatewayDeps, 'store' | 'targeting'>,
  { account }: Viewer,
): Promise<ReplyOf<'replay.list'>> {
  const behaviour = await targeting.read(account)
  if (!behaviour) return { ok: true, replays: [] }
  const { rooms, visit } = behaviour
  const replays = await readReplays(
    store,
    rooms.map(({ id }) => id),
  )
  return {
    ok: true,
    replays: replays
      .map((replay) => ({ ...replay, missed: visit.live < replay.live }))
      .sort((a, b) => b.atMs - a.atMs),
  }
}
