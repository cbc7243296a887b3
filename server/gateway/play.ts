/** Commands of what points buy in the room: effects, draws, votes, and the host's word on them. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { playCommands, playHostCommands } from '../../shared/protocol/play.ts'
import type { Buyer } from '../effects/index.ts'
import type { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'
import type { Handlers } from './dispatch.ts'
import { gateComment } from './gate.ts'
import { creditPart } from './taking-part.ts'
import type { Viewer } from './viewer.ts'

type PlayHandlers = Pick<
  Handlers<Connection>,
  keyof typeof playCommands | keyof typeof playHostCommands
>

export interface PlayTools {
  deps: GatewayDeps
  viewerOf: (connection: Connection) => Viewer
  /** Runs a command in the connection's room and tells the room where it was done. */
  inRoom: <R extends { ok: true } | Refusal>(
    connection: Connection,
    run: (room: string) => Promise<R>,
  ) => Promise<R>
  /** The account owns something else now. */
  owns: (viewer: Viewer) => void
}

function buyerOf(viewer: Viewer): Buyer {
  const { account, handle, tier, boost, hub, connection } = viewer
  const { id, brand, brandNo, local, timeZone } = hub.room
  const { name, optOut } = connection.claims
  return {
    account,
    handle,
    name: optOut ? '' : name,
    rung: tier.rung,
    boost,
    growth: tier.growth,
    room: id,
    brand,
    brandNo,
    local,
    timeZone,
    live: hub.live,
  }
}

export function createPlayHandlers({ deps, viewerOf, inRoom, owns }: PlayTools): PlayHandlers {
  const { effects } = deps
  return {
    'effect.list': (c, { broadcast }) => {
      const viewer = viewerOf(c)
      return effects.list(buyerOf(viewer), { broadcast, boosted: viewer.boost > 0 })
    },
    'effect.buy': async (c, want) => {
      const viewer = viewerOf(c)
      if (viewer.hub.state !== 'open') return refuse('room_ended')
      let wanted = want
      if (want.effect === 'broadcast') {
        const { text, shown, refused } = gateComment(want.text, deps.rulebook().book.comment)
        if (!shown || refused !== 0) return refuse('text_refused', { field: 'text' })
        wanted = { ...want, text }
      }
      const bought = await inRoom(c, () => effects.buy(buyerOf(viewer), wanted))
      if (bought.ok) owns(viewer)
      return bought
    },
    'draw.enter': async (c, input) => {
      const viewer = viewerOf(c)
      const entered = await inRoom(c, () => effects.enterDraw(buyerOf(viewer), input))
      const { draw: game, tickets } = input
      if (entered.ok)
        await creditPart(deps, viewer, {
          ...{ game, action: 'join', entered: tickets, mine: entered.mine },
        })
      return entered
    },
    'vote.cast': async (c, input) => {
      const viewer = viewerOf(c)
      const cast = await inRoom(c, () => effects.castVote(buyerOf(viewer), input))
      const { vote: game, votes } = input
      if (cast.ok)
        await creditPart(deps, viewer, {
          ...{ game, action: 'vote', entered: votes, mine: cast.mine },
        })
      return cast
    },

    'broadcast.approve': (c, ask) => inRoom(c, (room) => effects.approve(room, ask)),
    'broadcast.reject': (c, ask) => inRoom(c, (room) => effects.reject(room, ask)),
    'draw.open': (c, input) => inRoom(c, (room) => effects.openDraw(room, input)),
    'prize.list': async (c) => {
      const { id, brand } = c.hub.room
      return { ok: true, rewards: await deps.rewards.awards.list({ room: id, brand }) }
    },
    'draw.close': (c, { draw }) => inRoom(c, (room) => effects.closeGame(room, draw)),
    'vote.open': (c, input) => inRoom(c, (room) => effects.openVote(room, input)),
    'vote.close': (c, { vote }) => inRoom(c, (room) => effects.closeGame(room, vote)),
  }
}
