/** What each command does. Scored ones go to the intake; a host's go to the room and are told at once. */

import type { Refusal } from '../../shared/errors.ts'
import { formatAccount, parseAccount } from '../../shared/ids.ts'
import type { ReplyOf } from '../../shared/protocol/index.ts'
import { REASONS } from '../../shared/receipt.ts'
import {
  announceCue,
  holdCue,
  likeComment,
  setSafe,
  settleTopComment,
  skipCue,
  spotlightComment,
  type TopComment,
  topCommentId,
} from '../rooms/index.ts'
import { endCampaign, endTask, startCampaign, startTask } from '../tasks/index.ts'
import { listBoards } from './boards.ts'
import { createClubHandlers } from './clubs.ts'
import type { Connection } from './connection.ts'
import { creditEvent } from './credit.ts'
import type { GatewayDeps } from './deps.ts'
import type { Handlers } from './dispatch.ts'
import { gateComment } from './gate.ts'
import { listInvites } from './invites.ts'
import { createPlayHandlers } from './play.ts'
import { listQuests } from './quests.ts'
import { listReplays } from './replays.ts'
import { rewardHandlers } from './reward-handlers.ts'
import { readSurveyOf, takeSurveyAnswer } from './survey.ts'
import { createTeamHandlers } from './teams.ts'
import type { Viewer } from './viewer.ts'

export interface HandlerTools {
  deps: GatewayDeps
  /** Tells the other gateways, and this one, that the room has something new. */
  nudge: (room: string) => void
  /** The account owns something else now: its devices show it. */
  owns: (viewer: Viewer) => void
  history: (
    viewer: Viewer,
    before: string | undefined,
  ) => Promise<ReplyOf<'history.read'> | Refusal>
}

export function createHandlers({ deps, nudge, history, owns }: HandlerTools): Handlers<Connection> {
  const { store } = deps
  const viewerOf = (connection: Connection): Viewer => {
    if (!connection.viewer) throw new Error('a viewer connection without an account')
    return connection.viewer
  }
  /** Runs a host's command in the own room; there is no other a host could name. */
  const inRoom = async <R extends { ok: true } | Refusal>(
    connection: Connection,
    run: (room: string) => Promise<R>,
  ): Promise<R> => {
    const { id } = connection.hub.room
    const answer = await run(id)
    if (answer.ok) nudge(id)
    return answer
  }

  /** Once per comment, whether the host picked it or viewers did, and however often it is asked for. */
  const payTopComment = async (
    { hub }: Connection,
    { author, live, comment }: TopComment,
  ): Promise<boolean> => {
    const account = parseAccount(author)
    const id = `spotlight ${topCommentId({ live, comment })}`
    return account === undefined || creditEvent(deps, hub, { account, id, action: 'spotlight' })
  }

  return {
    'like.send': (connection, { seq, count }, ack) => {
      viewerOf(connection).like(seq, count, ack)
      return undefined
    },
    'comment.send': (connection, { seq, text, question = false }, ack) => {
      const gated = gateComment(text, deps.rulebook().book.comment)
      viewerOf(connection).comment(seq, { gated, question }, ack)
      return undefined
    },
    'watch.beat': (connection, beat, ack) => {
      viewerOf(connection).beat(beat, ack)
      return undefined
    },
    'share.send': (connection, { seq, target }, ack) => {
      // Where a share has to be proven, saying so pays nothing; the proof does.
      const believed = deps.rulebook().book.shareProof === 'client'
      const refused = believed ? 0 : REASONS.share_unproven
      viewerOf(connection).share(seq, { p1: target === 'product' ? 1 : 0, refused }, ack)
      return undefined
    },
    'signIn.send': (connection, { seq }, ack) => {
      viewerOf(connection).signIn(seq, ack)
      return undefined
    },
    'quest.list': (connection) => listQuests(deps, viewerOf(connection)),
    'rulebook.own': (connection) => ({
      ok: true,
      version: viewerOf(connection).rulebook.version,
    }),
    'replay.list': (connection) => listReplays(deps, viewerOf(connection)),
    'survey.read': (connection) => readSurveyOf(deps, viewerOf(connection)),
    'survey.answer': (connection, { score }) =>
      takeSurveyAnswer(deps, viewerOf(connection), score ?? undefined),
    'invite.list': (connection) => listInvites(deps, viewerOf(connection)),
    'board.week': (connection) => listBoards(deps, connection),
    'redemption.log': (c, { before }) => deps.boards.redeemed(c.hub.room.id, before),
    ...createClubHandlers({ deps, viewerOf }),
    ...createTeamHandlers({ deps, viewerOf }),
    'clock.read': () => ({ ok: true, atMs: deps.clock.now() }),
    'history.read': (connection, { before }) => history(viewerOf(connection), before),

    ...rewardHandlers({ deps, viewerOf }),

    'task.start': (c, input) => inRoom(c, (room) => startTask(store, { room, ...input })),
    'task.end': (c, input) => inRoom(c, (room) => endTask(store, { room, ...input })),
    'campaign.start': (c, input) => inRoom(c, (room) => startCampaign(store, { room, ...input })),
    'campaign.end': (c, input) => inRoom(c, (room) => endCampaign(store, { room, ...input })),
    'cue.announce': (c, { cue, text = '' }) =>
      inRoom(c, (room) => announceCue(store, { room, cue, text })),
    'cue.hold': (c, input) => inRoom(c, (room) => holdCue(store, { room, ...input })),
    'cue.skip': (c, input) => inRoom(c, (room) => skipCue(store, { room, ...input })),
    ...createPlayHandlers({ deps, inRoom, viewerOf, owns }),
    'stage.setSafe': async (c, input) => {
      const answer = await inRoom(c, (room) => setSafe(store, { room, ...input }))
      // The picture is silent already; what waited for the host is given back behind it.
      if (answer.ok && input.safe)
        deps.effects
          .silence(c.hub.room.id)
          .catch((error: unknown) => deps.log.warn({ err: error }, 'broadcasts wait in safe mode'))
      return answer
    },
    'comment.like': async (c, { comment }) => {
      const { likes: enough } = deps.rulebook().book.comment
      // Only the host picks: a like is no more than that.
      if (enough === 0) return { ok: true }
      const by = formatAccount(viewerOf(c).account)
      const liked = await likeComment(store, { room: c.hub.room.id, comment, by, enough })
      if (!liked.ok) return liked
      for (const top of liked.due)
        if (await payTopComment(c, top))
          await settleTopComment(store, { room: c.hub.room.id, comment: top.comment })
      return { ok: true }
    },
    'comment.spotlight': async (c, { comment }) => {
      const spotlit = await inRoom(c, (room) => spotlightComment(store, { room, comment }))
      if (!spotlit.ok) return spotlit
      // Also on a repeat: a crash may have come between the stage and the bonus, and the bonus has an id.
      await payTopComment(c, { author: spotlit.account, live: spotlit.live, comment })
      return { ok: true }
    },
  }
}
