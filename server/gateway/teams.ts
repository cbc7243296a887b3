/** Team tasks as viewers ask for them. */

import type { teamCommands } from '../../shared/protocol/teams.ts'
import { networkOf } from '../identity/index.ts'
import type { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'
import type { Handlers } from './dispatch.ts'
import type { Viewer } from './viewer.ts'

export function createTeamHandlers({
  deps: { teams, gate },
  viewerOf,
}: {
  deps: Pick<GatewayDeps, 'teams' | 'gate'>
  viewerOf: (connection: Connection) => Viewer
}): Pick<Handlers<Connection>, keyof typeof teamCommands> {
  const comerOf = (connection: Connection) => {
    const { account, hub } = viewerOf(connection)
    const network = networkOf(gate.pepper, connection.ip)
    return { account, brandNo: hub.room.brandNo, ...(network && { network }) }
  }
  return {
    'team.list': (c) => teams.read(comerOf(c)),
    'team.open': (c, { task }) => teams.open(comerOf(c), task),
    'team.join': (c, { code }) => teams.join(comerOf(c), code),
    'team.leave': (c, { task }) => teams.leave(comerOf(c), task),
  }
}
