/** Shapes of the answers to commands on sockets, for AsyncAPI: checked against the types that both ends use. */

import { z } from 'zod'
import type { Scored } from '../../shared/account-state.ts'
import { COLOURS, ENTRANCES } from '../../shared/effects.ts'
import type { CommandName, ReplyOf } from '../../shared/protocol/index.ts'
import { Label } from '../../shared/rulebook/schema.ts'
import { AccountShape, ReceiptShape } from './shapes/account.ts'
import { Count, Ms } from './shapes/basics.ts'
import { OwnPlaceShape, RoomRedemptionShape, WeekBoardShape } from './shapes/boards.ts'
import { ClubDeskReadShape, ClubReadShape, ClubTaskShape } from './shapes/clubs.ts'
import { HistoryEntryShape, IssuersShape, ReachShape } from './shapes/ledger.ts'
import { Draw, MineShape, owned, Vote } from './shapes/play.ts'
import { Campaign, Task } from './shapes/pulse.ts'
import { QuestShape } from './shapes/quests.ts'
import { BurnWeekShape, RedemptionShape, RewardShape } from './shapes/rewards.ts'
import { TeamsReadShape } from './shapes/teams.ts'
import { PrivilegeShape, TierAsked, TierKeepShape } from './shapes/tiers.ts'

export const ScoredShape = z.object({
  ok: z.literal(true),
  dup: z.literal(true).exactOptional().describe('Had been applied before'),
  account: AccountShape,
  receipts: z.array(ReceiptShape),
  atMs: Ms.describe('Redis time; durable once the watermark of the shard passes it'),
}) satisfies z.ZodType<Scored>

const done = { ok: z.literal(true) }

/** By command, where the answer says more than that it was done. */
export const replyShapes: { [N in CommandName]?: z.ZodType<ReplyOf<N>> } = {
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
    next: z.string().exactOptional().describe('`before` of the next page'),
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
}
