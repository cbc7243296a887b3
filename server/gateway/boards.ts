/** Weekly boards as viewers and hosts ask for them. */

import type { OwnPlace } from '../../shared/boards.ts'
import type { ReplyOf } from '../../shared/protocol/index.ts'
import type { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'

/** The boards of the room's brand, and where the viewer stands. Throws where Redis cannot be reached. */
export async function listBoards(
  { boards, clock }: Pick<GatewayDeps, 'boards' | 'clock'>,
  { hub, viewer }: Pick<Connection, 'hub' | 'viewer'>,
): Promise<ReplyOf<'board.week'>> {
  const { brandNo } = hub.room
  const running = await boards.allRunning(brandNo)
  const own = (i: number): Promise<OwnPlace> | undefined => {
    const board = running[i]
    return board && viewer && boards.own(board, brandNo, viewer.account)
  }
  const places = await Promise.all(running.map((_, i) => own(i)))
  return {
    ok: true,
    atMs: clock.now(),
    boards: running.map((board, i) => ({ board, ...(places[i] && { own: places[i] }) })),
  }
}
