/** Fan clubs as viewers and hosts ask for them. */

import type { clubCommands, clubHostCommands } from '../../shared/protocol/clubs.ts'
import type { ClubPlace } from '../clubs/index.ts'
import type { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'
import type { Handlers } from './dispatch.ts'
import type { Viewer } from './viewer.ts'

type ClubHandlers = Pick<
  Handlers<Connection>,
  keyof typeof clubCommands | keyof typeof clubHostCommands
>

export function createClubHandlers({
  deps: { clubs },
  viewerOf,
}: {
  deps: Pick<GatewayDeps, 'clubs'>
  viewerOf: (connection: Connection) => Viewer
}): ClubHandlers {
  /** There is no other club that a connection could name. */
  const here = ({ hub: { room, live } }: Connection) => clubs.at({ ...room, live })
  /** The viewer's next comment asks for the title anew. */
  async function changed<T>(
    c: Connection,
    change: (club: ClubPlace, account: number) => Promise<T>,
  ): Promise<T> {
    const viewer = viewerOf(c)
    const answer = await change(await here(c), viewer.account)
    viewer.clubTitle?.forget()
    return answer
  }
  return {
    'club.read': async (c) => clubs.read(await here(c), viewerOf(c).account),
    'club.join': (c, { requestId }) =>
      changed(c, (club, account) => clubs.join(club, { account, requestId })),
    'club.leave': (c) => changed(c, (club, account) => clubs.leave(club, account)),
    'club.desk': async (c) => clubs.desk(await here(c)),
    'clubTask.start': async (c, task) => clubs.startTask(await here(c), task),
    'clubTask.end': async (c, { task }) => clubs.endTask(await here(c), task),
  }
}
