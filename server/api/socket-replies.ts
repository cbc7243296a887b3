/** Shapes of the answers to commands on sockets, for AsyncAPI: checked against the types that both ends use. */

import { z } from 'zod'
import type { Scored } from '../../shared/account-state.ts'
import { COLOURS, ENTRANCES } from '../../shared/effects.ts'
import { INVITE_REFUSALS, INVITE_STANDINGS } from '../../shared/invites.ts'
import type { CommandName, Commands, ReplyOf } from '../../shared/protocol/index.ts'
import { INVITE_STEPS } from '../../shared/rulebook/invite.ts'
import { Label } from '../../shared/rulebook/schema.ts'
import { nothing, type Undescribed } from './described.ts'
import { AccountShape, ReceiptShape } from './shapes/account.ts'
import { Count, Ms } from './shapes/basics.ts'
import { OwnPlaceShape, RoomRedemptionShape, WeekBoardShape } from './shapes/boards.ts'
import { ClubDeskReadShape, ClubReadShape, ClubTaskShape } from './shapes/clubs.ts'
import { HistoryEntryShape, IssuersShape, ReachShape } from './shapes/ledger.ts'
import { Draw, MineShape, owned, Vote } from './shapes/play.ts'
import { Campaign, Task } from './shapes/pulse.ts'
import { QuestShape } from './shapes/quests.ts'
import { BurnWeekShape, ListEnd, RedemptionShape, RewardShape } from './shapes/rewards.ts'
import { TeamsReadShape } from './shapes/teams.ts'
import { PrivilegeShape, TierAsked, TierKeepShape } from './shapes/tiers.ts'

export const ScoredShape = z.object({
  ok: z.literal(true),
  dup: z.literal(true).exactOptional().describe('Had been applied before'),
  account: AccountShape,
  receipts: z.array(ReceiptShape),
  atMs: Ms.describe('Redis time; durable once the watermark of the shard passes it'),
}) satisfies z.ZodType<Scored>

const InviteShape = z.object({
  atMs: Ms.describe('When the friend came'),
  standing: z.enum(INVITE_STANDINGS),
  points: Count.describe('What the inviter gets, or would have got'),
  left: z.array(z.enum(INVITE_STEPS)),
  untilMs: Ms.exactOptional().describe('By when; of `pending` only'),
  why: z.enum(INVITE_REFUSALS).exactOptional(),
})

const done = { ok: z.literal(true) }

/** Commands whose answer says more than that it was done. */
type Told = {
  [N in CommandName]: Commands[N]['scored'] extends true
    ? never
    : keyof ReplyOf<N> extends 'ok'
      ? never
      : N
}[CommandName]

export const replyShapes = {
  'clock.read': z.object({ ...done, atMs: Ms }),
  'board.week': z.object({
    ...done,
    atMs: Ms,
    boards: z.array(z.object({ board: WeekBoardShape, own: OwnPlaceShape.exactOptional() })),
  }),
  'club.read': ClubReadShape,
  'club.join': ClubReadShape,
  'club.leave': ClubReadShape,
  'club.desk': ClubDeskReadShape,
  'team.list': TeamsReadShape,
  'team.open': TeamsReadShape,
  'team.join': TeamsReadShape,
  'team.leave': TeamsReadShape,
  'clubTask.start': z.object({ ...done, task: ClubTaskShape }),
  'redemption.log': z.object({
    ...done,
    redemptions: z.array(RoomRedemptionShape),
    next: z.string().exactOptional().describe('`before` of the next page'),
  }),
  'quest.list': z.object({ ...done, atMs: Ms, quests: z.array(QuestShape) }),
  'rulebook.own': z.object({ ...done, version: z.int() }),
  'replay.list': z.object({
    ...done,
    replays: z.array(
      z.object({
        room: z.string(),
        live: Count,
        url: z.string(),
        atMs: Ms,
        missed: z.boolean().describe('The viewer was not in that live'),
      }),
    ),
  }),
  'survey.read': z.object({ ...done, asked: z.boolean() }),
  'invite.list': z.object({
    ...done,
    points: Count,
    invitedPoints: Count.describe('What the friend gets'),
    due: z.array(z.enum(INVITE_STEPS)),
    withinDays: Count,
    leftToday: Count.describe('Friends for whom there is room today'),
    invites: z.array(InviteShape),
  }),
  'history.read': z.object({
    ...done,
    entries: z.array(HistoryEntryShape),
    issuers: IssuersShape,
    reach: z.array(ReachShape).exactOptional(),
    next: z.string().exactOptional().describe('`before` of the next page, which may be empty'),
    elsewhere: z
      .literal(true)
      .exactOptional()
      .describe('There are older lines, in an archive that this process does not have'),
  }),
  'task.start': z.object({ ...done, task: Task }),
  'reward.list': z.object({
    ...done,
    atMs: Ms,
    rewards: z.array(RewardShape),
    burnWeek: BurnWeekShape.exactOptional(),
    valueCut: z
      .object({ fromMs: Ms, percent: z.number() })
      .exactOptional()
      .describe('From when points buy less, by how many percent: published, and still to come'),
  }),
  'reward.redeem': z.object({ ...done, redemption: RedemptionShape }),
  'redemption.list': z.object({
    ...done,
    redemptions: z.array(RedemptionShape),
    ...ListEnd,
  }),
  'redemption.cancel': z.object({ ...done, redemption: RedemptionShape }),
  'campaign.start': z.object({ ...done, campaign: Campaign }),
  'privilege.list': z.object({
    ...done,
    rung: Count,
    privileges: z.array(PrivilegeShape),
    keep: TierKeepShape.exactOptional(),
  }),
  'effect.list': z.object({
    ...done,
    offers: z.object({
      broadcast: z.object({ points: Count, chars: Count, waitSec: Count }).exactOptional(),
      colours: z.array(z.object({ colour: z.enum(COLOURS), points: Count, days: Count })),
      entrances: z.array(z.object({ entrance: z.enum(ENTRANCES), points: Count, days: Count })),
      tip: z
        .object({
          amounts: z.array(Count),
          policy: z.enum(['burnForEffect', 'hostBucket']),
          hostShare: z.number(),
        })
        .exactOptional(),
      boost: z.object({ points: Count, rung: Count }).exactOptional(),
    }),
    owned: z.object({
      colour: owned(COLOURS).exactOptional(),
      entrance: owned(ENTRANCES).exactOptional(),
    }),
    draws: z.array(
      Draw.extend({
        mine: MineShape,
        won: z.array(Count).describe('Indexes of prizes'),
        tier: TierAsked.exactOptional().describe('What the viewer lacks to take part'),
      }),
    ),
    votes: z.array(Vote.extend({ mine: MineShape })),
    broadcast: z.enum(['waiting', 'shown', 'rejected', 'lapsed']).exactOptional(),
  }),
  'effect.buy': z.object({ ...done, state: z.enum(['done', 'waiting']) }),
  'draw.enter': z.object({
    ...done,
    first: Count,
    prizes: z.array(Count.nullable()).describe('What is in each box; empty for draws'),
    mine: MineShape,
  }),
  'vote.cast': z.object({ ...done, mine: MineShape }),
  'draw.open': z.object({ ...done, draw: Draw }),
  'prize.list': z.object({
    ...done,
    rewards: z.array(
      z.object({ reward: z.string(), title: Label, points: Count, left: Count.exactOptional() }),
    ),
  }),
  'vote.open': z.object({ ...done, vote: Vote }),
} satisfies { [N in Told]: z.ZodType<ReplyOf<N>> }

nothing<{ [N in Told]: Undescribed<ReplyOf<N>, z.output<(typeof replyShapes)[N]>> }[Told]>()
// Orders come from servers.
nothing<Exclude<Undescribed<Scored, z.output<typeof ScoredShape>>, 'cashback'>>()
