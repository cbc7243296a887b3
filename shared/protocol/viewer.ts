/** What a viewer may ask for. */

import { z } from 'zod'
import type { WeekBoards } from '../boards.ts'
import type { InvitesView } from '../invites.ts'
import type { HistoryPage } from '../ledger.ts'
import type { QuestView } from '../quests.ts'
import { SURVEY_MAX } from '../survey.ts'
import { clubCommands } from './clubs.ts'
import { COMMENT_MAX_BYTES, LIKES_PER_COMMAND } from './limits.ts'
import { playCommands } from './play.ts'
import { command, scoredCommand } from './registry.ts'
import { teamCommands } from './teams.ts'

/** Rises by one with each command of a client session, from 1. */
export const Seq = z.int().min(1).max(0xffff_fffe)

export const viewerCommands = {
  'like.send': scoredCommand({
    what: 'Likes since the command before; the client merges taps of 250 ms.',
    roles: ['viewer'],
    limit: { burst: 20, perMinute: 300 },
    input: z.strictObject({ seq: Seq, count: z.int().min(1).max(LIKES_PER_COMMAND) }),
    refusals: ['rate_limited', 'room_ended', 'busy', 'too_old', 'session_expired'],
  }),
  'comment.send': scoredCommand({
    what: 'A comment or question; shown to the room when it passes the gate.',
    roles: ['viewer'],
    limit: { burst: 5, perMinute: 40 },
    input: z.strictObject({
      seq: Seq,
      text: z.string().min(1).max(COMMENT_MAX_BYTES),
      question: z.boolean().optional(),
    }),
    refusals: ['rate_limited', 'room_ended', 'busy', 'too_old', 'session_expired'],
  }),
  'comment.like': command<{ ok: true }>()({
    what: "Like a comment of another viewer, once: enough likes make it a top comment, and its author gets that bonus. Pays the one who likes nothing; `forbidden` for one's own.",
    roles: ['viewer'],
    limit: { burst: 10, perMinute: 60 },
    input: z.strictObject({ comment: z.int().min(0) }),
    refusals: ['forbidden', 'rate_limited', 'not_found', 'busy'],
  }),
  'watch.beat': scoredCommand({
    what: 'The viewer is watching. The first beat of a client session carries nonce 0 and opens its clock.',
    roles: ['viewer'],
    limit: { burst: 6, perMinute: 30 },
    input: z.strictObject({
      seq: Seq,
      nonce: z.int().min(0).max(0xffff_ffff),
      visible: z.boolean(),
    }),
    refusals: ['rate_limited', 'room_ended', 'busy', 'too_old', 'session_expired'],
  }),
  'share.send': scoredCommand({
    what: 'The viewer shared the room or a product of it.',
    roles: ['viewer'],
    limit: { burst: 3, perMinute: 10 },
    input: z.strictObject({ seq: Seq, target: z.enum(['room', 'product']).default('room') }),
    refusals: ['rate_limited', 'room_ended', 'busy', 'too_old', 'session_expired'],
  }),
  'signIn.send': scoredCommand({
    what: "The viewer's check-in of the day, in the room.",
    roles: ['viewer'],
    limit: { burst: 3, perMinute: 10 },
    input: z.strictObject({ seq: Seq }),
    refusals: ['rate_limited', 'room_ended', 'busy', 'too_old', 'session_expired'],
  }),
  'quest.list': command<{ ok: true; atMs: number; quests: QuestView[] }>()({
    what: 'Quests that are open to the viewer, and how far each is.',
    roles: ['viewer'],
    limit: { burst: 6, perMinute: 60 },
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy'],
  }),
  'rulebook.own': command<{ ok: true; version: number }>()({
    what: "The version of the rules by which the viewer plays here: the room's, or that of an arm of an experiment.",
    roles: ['viewer'],
    limit: { burst: 6, perMinute: 60 },
    input: z.strictObject({}),
    refusals: ['rate_limited'],
  }),
  'replay.list': command<{
    ok: true
    replays: { room: string; live: number; url: string; atMs: number; missed: boolean }[]
  }>()({
    what: 'Where lives of the rooms that the viewer watches most can be watched again, newest first; `missed` where the viewer has not been in that one.',
    roles: ['viewer'],
    limit: { burst: 4, perMinute: 20 },
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy'],
  }),
  'survey.read': command<{ ok: true; asked: boolean }>()({
    what: 'Whether the viewer is asked now if they would recommend the points to a friend.',
    roles: ['viewer'],
    limit: { burst: 4, perMinute: 20 },
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy'],
  }),
  'survey.answer': command<{ ok: true }>()({
    what: 'What the viewer answers, from 0 to 10, or that they do not want to be asked; once more takes the place of the first. `not_found` where they are not asked.',
    roles: ['viewer'],
    limit: { burst: 4, perMinute: 20 },
    input: z.strictObject({ score: z.int().min(0).max(SURVEY_MAX).nullable() }),
    refusals: ['not_found', 'rate_limited', 'busy'],
  }),
  'invite.list': command<{ ok: true } & InvitesView>()({
    what: 'What inviting a friend brings, and what became of those whom the viewer invited, newest first.',
    roles: ['viewer'],
    limit: { burst: 4, perMinute: 20 },
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy', 'invites_off'],
  }),
  'board.week': command<WeekBoards>()({
    what: 'The boards of the running week, some seconds old, and where the viewer stands on each.',
    roles: ['viewer', 'host'],
    limit: { burst: 4, perMinute: 20 },
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy'],
  }),
  'clock.read': command<{ ok: true; atMs: number }>()({
    what: 'The time of the server, to correct a client clock that is wrong.',
    roles: ['viewer', 'host', 'stage'],
    limit: { burst: 8, perMinute: 30 },
    input: z.strictObject({}),
    refusals: ['rate_limited'],
  }),
  'history.read': command<HistoryPage>()({
    what: 'What the viewer earned and why, and what moved otherwise, newest first.',
    roles: ['viewer'],
    limit: { burst: 4, perMinute: 30 },
    input: z.strictObject({ before: z.string().max(40).optional() }),
    refusals: ['rate_limited', 'busy'],
  }),
  ...clubCommands,
  ...teamCommands,
  ...playCommands,
} as const
