/** Shapes of what the gateway sends, for AsyncAPI: checked against the types that both ends use. */

import { z } from 'zod'
import type { Scored } from '../../shared/account-state.ts'
import {
  COLOURS,
  type DrawView,
  ENTRANCES,
  type HostPlay,
  type VoteView,
} from '../../shared/effects.ts'
import type { BodyOf, CommandName, EventName, ReplyOf } from '../../shared/protocol/index.ts'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import type {
  BoardLine,
  CampaignView,
  CommentLine,
  HeatView,
  Moment,
  MomentBody,
  RoomPulse,
  RoomState,
  TaskView,
} from '../../shared/room-state.ts'
import { ACCESS_PRIVILEGES, PACKS } from '../../shared/rulebook/privilege.ts'
import { Label } from '../../shared/rulebook/schema.ts'
import type { PrivilegeView } from '../../shared/tiers.ts'
import { BurnWeekShape, GainShape, RedemptionShape, RewardShape } from './reward-shapes.ts'
import {
  AccountShape,
  HistoryEntryShape,
  IssuersShape,
  LedgerEntryShape,
  LiveShape,
  Ms,
  PrizeShape,
  ReachShape,
  ReceiptShape,
  RoleName,
} from './schemas.ts'

const Count = z.int().min(0)
const ActionName = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]])
const Milli = z.int().min(0).describe('Thousandths')

export const ScoredShape = z.object({
  ok: z.literal(true),
  dup: z.literal(true).exactOptional().describe('Had been applied before'),
  account: AccountShape,
  receipts: z.array(ReceiptShape),
  atMs: Ms.describe('Redis time; durable once the watermark of the shard passes it'),
}) satisfies z.ZodType<Scored>

const Heat = z
  .object({
    value: z.number(),
    level: Count,
    next: z.number().exactOptional(),
    multipliers: z.partialRecord(ActionName, Milli),
    why: z.array(z.object({ action: ActionName, share: z.number() })),
    held: z.enum(['actors', 'dwell']).exactOptional(),
  })
  .meta({ id: 'Heat' })
Heat satisfies z.ZodType<Omit<HeatView, 'multipliers'>>

const Board = z
  .object({
    handle: z.string(),
    name: z.string(),
    rung: Count,
    points: Count,
  })
  .meta({ id: 'BoardLine' }) satisfies z.ZodType<BoardLine>

const Comment = z
  .object({
    id: Count,
    handle: z.string(),
    name: z.string(),
    rung: Count,
    text: z.string(),
    atMs: Ms,
    question: z.literal(true).exactOptional(),
    colour: z.enum(COLOURS).exactOptional(),
  })
  .meta({ id: 'Comment' }) satisfies z.ZodType<CommentLine>

const Task = z
  .object({
    task: Count,
    action: ActionName,
    goal: Count,
    points: Count,
    growth: Count,
    title: Label,
    startsAtMs: Ms,
    endsAtMs: Ms,
    quota: Count.exactOptional(),
    left: Count.exactOptional(),
  })
  .meta({ id: 'Task' }) satisfies z.ZodType<TaskView>

const Campaign = z
  .object({
    campaign: Count,
    action: z.union([ActionName, z.literal('all')]),
    factor: Milli,
    title: Label,
    startsAtMs: Ms,
    endsAtMs: Ms,
  })
  .meta({ id: 'Campaign' }) satisfies z.ZodType<CampaignView>

const game = {
  title: Label,
  points: Count,
  perViewer: Count,
  opensAtMs: Ms,
  endsAtMs: Ms,
  state: z.enum(['open', 'closing', 'closed']),
}
const Draw = z
  .object({
    ...game,
    draw: Count,
    box: z.boolean(),
    prizes: z.array(PrizeShape),
    total: Count,
    tickets: Count,
    rung: Count.exactOptional().describe('Only from this rung on'),
    commitment: z.string().describe('SHA-256 of the seed'),
    seed: z.string().exactOptional().describe('Once it is closed'),
  })
  .meta({ id: 'Draw' }) satisfies z.ZodType<DrawView>
const Vote = z
  .object({
    ...game,
    vote: Count,
    options: z.array(z.object({ label: Label, votes: Count })),
  })
  .meta({ id: 'Vote' }) satisfies z.ZodType<VoteView>
const MineShape = z.object({ bought: Count, count: Count, free: z.boolean() })
const owned = <T extends readonly [string, ...string[]]>(values: T) =>
  z.object({
    value: z.enum(values),
    by: z.enum(['bought', 'tier']),
    untilMs: Ms.exactOptional(),
  })

export const PlayShape = z.object({
  asks: z.array(
    z.object({
      id: z.string(),
      handle: z.string(),
      name: z.string(),
      rung: Count,
      text: z.string(),
      points: Count,
      askedAtMs: Ms,
      untilMs: Ms,
    }),
  ),
  draws: z.array(Draw),
  votes: z.array(Vote),
  tips: z.object({ given: Count, toHost: Count, burned: Count }),
}) satisfies z.ZodType<HostPlay>

const moment = <K extends MomentBody['kind'], S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({ seq: Count, atMs: Ms, kind: z.literal(kind), ...shape })

const reached = {
  ladder: z.string(),
  rung: Count,
  names: z.array(z.string()),
  others: Count,
}

const MomentShape = z.discriminatedUnion('kind', [
  moment('tier.reached', { ...reached, handles: z.array(z.string()) }),
  moment('tier.announced', { ...reached, text: z.string() }),
  moment('task.started', { task: Task }),
  moment('task.ended', { task: Count, won: Count }),
  moment('campaign.started', { campaign: Campaign }),
  moment('campaign.ended', { campaign: Count }),
  moment('flash.opened', {
    flash: z.object({
      reward: z.string(),
      title: Label,
      points: Count,
      rung: Count.exactOptional().describe('Only from this rung on'),
      opensAtMs: Ms,
      closesAtMs: Ms,
    }),
  }),
  moment('flash.closed', { reward: z.string(), taken: Count }),
  moment('heat.rose', { level: Count }),
  moment('comment.spotlit', { comment: Comment }),
  moment('stage.safe', { safe: z.boolean() }),
  moment('live.ended', {}),
  moment('broadcast.shown', {
    handle: z.string(),
    name: z.string(),
    rung: Count,
    text: z.string(),
  }),
  moment('entrance.shown', {
    entrance: z.enum(ENTRANCES),
    names: z.array(z.string()),
    others: Count,
  }),
  moment('tip.given', { handle: z.string(), name: z.string(), points: Count }),
  moment('draw.opened', { draw: Draw }),
  moment('draw.closed', {
    draw: Count,
    box: z.boolean(),
    title: Label,
    winners: z.array(z.object({ handle: z.string(), name: z.string(), prize: PrizeShape })),
    others: Count,
    tickets: Count,
    seed: z.string(),
  }),
  moment('vote.opened', { vote: Vote }),
  moment('vote.closed', { vote: Vote }),
]) satisfies z.ZodType<Moment>

const Pulse = z.object({
  epoch: z.string(),
  seq: Count,
  atMs: Ms,
  heat: Heat,
  audience: Count,
  live: LiveShape,
  board: z.array(Board).exactOptional(),
  tasks: z.array(Task),
  campaigns: z.array(Campaign),
  comments: z.array(Comment),
  rulebook: Count,
  shelf: Count.exactOptional(),
  safe: z.boolean(),
  paused: z.literal(true).exactOptional(),
  durable: z.array(Ms),
  epochs: z.array(z.string()).exactOptional(),
})

const Room = Pulse.extend({
  room: z.object({ id: z.string(), name: z.string(), brand: z.string() }),
  board: z.array(Board),
  ladder: z.object({
    id: z.string(),
    rungs: z.array(
      z.object({
        id: z.string(),
        label: Label,
        growth: Count,
        factor: z.number(),
        benefits: z.array(Label),
      }),
    ),
  }),
  burnWeek: z.object({ opensAtMs: Ms, closesAtMs: Ms }).exactOptional(),
})

const Applied = z.object({ high: Count, mask: Count })
const Resume = { resume: z.string(), resumeExpiresAtMs: Ms }

/** In both languages. */
const Both = z.object({ zh: z.string(), en: z.string() })
/** One privilege, with how it is used. */
export const PrivilegeShape = z.object({
  id: z.string().describe('Stable; a perk has the id that the rulebook gives it'),
  kind: z.enum([...ACCESS_PRIVILEGES, ...PACKS, 'birthday_points', 'perk']),
  label: Both,
  how: Both,
  link: z.string().exactOptional(),
  rung: Count.describe('From which on it is given'),
  by: z.enum(['tier', 'dayPass']),
  untilMs: Ms.exactOptional().describe('By a day pass: until then'),
}) satisfies z.ZodType<PrivilegeView>

/** The rung that is asked for. */
export const TierAsked = z.object({ rung: Count, label: Label, growthMissing: Count })

export const RefusalShape = z.object({
  ok: z.literal(false),
  code: z.string(),
  retry: z.enum(['never', 'later', 'refresh']),
  field: z.string().exactOptional(),
  afterMs: z.int().exactOptional(),
  have: z.int().exactOptional(),
  opensAtMs: Ms.exactOptional(),
  tier: TierAsked.exactOptional(),
  elsewhere: z.int().exactOptional(),
})

/** By event; every event of the protocol has one. */
export const eventBodies = {
  'session.welcomed': z.object({
    protocol: z.int(),
    atMs: Ms,
    role: RoleName,
    me: z.object({ handle: z.string(), name: z.string() }),
    room: Room,
    account: AccountShape.exactOptional(),
    applied: Applied.exactOptional(),
    session: z.string().exactOptional(),
    ...Resume,
    shard: Count,
    beatMs: Count,
    acks: z.literal('watermark').exactOptional(),
  }),
  'room.pulsed': Pulse,
  'room.happened': z.object({ epoch: z.string(), moments: z.array(MomentShape) }),
  'account.changed': z.object({
    account: AccountShape,
    receipts: z.array(ReceiptShape),
    moved: z.array(LedgerEntryShape).exactOptional(),
    gain: GainShape.exactOptional().describe('After a payment'),
    pack: z
      .object({ pack: z.enum(PACKS), points: Count, gifts: z.array(Label) })
      .exactOptional()
      .describe('What the tier has just given'),
  }),
  'account.reattached': z.object({ account: AccountShape, applied: Applied }),
  'commands.scored': z.object({
    account: AccountShape,
    applied: Applied,
    receipts: z.array(ReceiptShape),
    atMs: Ms,
  }),
  'command.refused': z.object({ seq: Count, refusal: RefusalShape }),
  'session.refreshed': z.object(Resume),
  'host.pulsed': z.object({
    atMs: Ms,
    cues: z.array(
      z.object({
        id: z.string(),
        ladder: z.string(),
        rung: Count,
        names: z.array(z.string()),
        others: Count,
        sinceMs: Ms,
        held: z.boolean(),
      }),
    ),
    comments: z.array(Comment),
    board: z.array(Board),
    actors: Count,
    issued: Count,
    play: PlayShape,
  }),
  'server.goodbye': z.object({
    code: z.int(),
    reason: z.string(),
    afterMs: Count.exactOptional(),
  }),
} satisfies Record<EventName, z.ZodType>

const done = { ok: z.literal(true) }

/** By command, where the answer says more than that it was done. */
export const replyShapes: { [N in CommandName]?: z.ZodType<ReplyOf<N>> } = {
  'clock.read': z.object({ ...done, atMs: Ms }),
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
  }),
  'reward.redeem': z.object({ ...done, redemption: RedemptionShape }),
  'redemption.list': z.object({
    ...done,
    redemptions: z.array(RedemptionShape),
    next: z.string().exactOptional().describe('`before` of the next page'),
  }),
  'redemption.cancel': z.object({ ...done, redemption: RedemptionShape }),
  'campaign.start': z.object({ ...done, campaign: Campaign }),
  'privilege.list': z.object({ ...done, rung: Count, privileges: z.array(PrivilegeShape) }),
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

/** The shapes name the same fields as the types; a field that one of them lacks does not compile. */
type Fields<N extends EventName> = keyof z.output<(typeof eventBodies)[N]>
type Unequal = {
  [N in EventName]: Exclude<keyof BodyOf<N>, Fields<N>> | Exclude<Fields<N>, keyof BodyOf<N>>
}[EventName]
type RoomFields =
  | Exclude<keyof RoomState, keyof z.output<typeof Room>>
  | Exclude<keyof RoomPulse, keyof z.output<typeof Pulse>>
export type Missing = [Unequal | RoomFields] extends [never] ? 'none' : never
const none: Missing = 'none'
void none
