/** Shapes of the events that the gateway sends, for AsyncAPI: checked against the types that both ends use. */

import { z } from 'zod'
import { OFFER_TASK } from '../../shared/offers.ts'
import {
  type BodyOf,
  type EventName,
  type Handshake,
  PROTOCOL,
} from '../../shared/protocol/index.ts'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import { PACKS } from '../../shared/rulebook/privilege.ts'
import { Label } from '../../shared/rulebook/schema.ts'
import { SEGMENT_PACKS } from '../../shared/tiers.ts'
import { nothing, type Undescribed } from './described.ts'
import { AccountShape, ReceiptShape } from './shapes/account.ts'
import { Count, Ms, RoleName } from './shapes/basics.ts'
import { LedgerEntryShape } from './shapes/ledger.ts'
import { MomentShape } from './shapes/moments.ts'
import { PlayShape } from './shapes/play.ts'
import { Board, Comment, Pulse, Room } from './shapes/pulse.ts'
import { RefusalShape } from './shapes/refusal.ts'
import { GainShape } from './shapes/rewards.ts'

const Applied = z.object({
  high: Count.describe('Highest `seq` that was applied; 0 in a new session'),
  mask: Count.describe('Bit n says that `high - n` was applied'),
})

const Resume = {
  resume: z.string().describe('Takes the place of the ticket in later handshakes'),
  resumeExpiresAtMs: Ms,
}

/** What a client says of itself before anything else. */
export const HandshakeShape = z.object({
  protocol: z.literal(PROTOCOL),
  ticket: z
    .string()
    .exactOptional()
    .describe(
      "From the merchant's server: the first time, and when there is no `resume` or it is over",
    ),
  resume: z
    .string()
    .exactOptional()
    .describe('The newest of `session.welcomed` and `session.refreshed`'),
  session: z
    .string()
    .exactOptional()
    .describe('Of `session.welcomed`. Without it a new session begins, whose `seq` begin at 1'),
  cursor: z
    .object({ epoch: z.string(), seq: Count })
    .exactOptional()
    .describe(
      'Epoch of the room and `seq` of its last moment that was seen; those after it follow',
    ),
  acks: z.literal('watermark').exactOptional(),
  via: z
    .string()
    .exactOptional()
    .describe('From the link that led here: who is to be told, or thanked'),
}) satisfies z.ZodType<Handshake>

nothing<Undescribed<Handshake, z.output<typeof HandshakeShape>>>()

/** By event; every event of the protocol has one. */
export const eventBodies = {
  'session.welcomed': z.object({
    protocol: z.int(),
    atMs: Ms,
    role: RoleName,
    me: z.object({
      handle: z.string(),
      name: z.string(),
      via: z
        .string()
        .exactOptional()
        .describe('Stands for the viewer in links, and says not whose they are'),
    }),
    room: Room,
    account: AccountShape.exactOptional(),
    applied: Applied.exactOptional(),
    session: z
      .string()
      .exactOptional()
      .describe('Goes into later handshakes, so that commands are credited once'),
    ...Resume,
    shard: Count.describe("Which of `durable` in `room.pulsed` is the viewer's"),
    beatMs: Count.describe('How often `watch.beat` is expected'),
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
      .object({
        pack: z.enum([...PACKS, ...SEGMENT_PACKS]),
        label: Label,
        points: Count,
        gifts: z.array(Label),
      })
      .exactOptional()
      .describe('What the tier or a segment has just given'),
    offer: z
      .object({
        task: z.literal(OFFER_TASK),
        id: z.string(),
        title: Label,
        action: z.enum(Object.keys(ACTIONS) as [Action, ...Action[]]),
        goal: Count,
        points: Count,
        growth: Count,
        startsAtMs: Ms,
        endsAtMs: Ms,
        state: z.enum(['open', 'won']),
      })
      .exactOptional()
      .describe('Made to this viewer alone, or just taken'),
  }),
  'account.reattached': z.object({
    account: AccountShape,
    applied: Applied,
    shard: z.number().int().optional(),
  }),
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
        greets: z.literal(true).exactOptional().describe('They came in and are to be greeted'),
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

/** A field that one of the two lacks does not compile. */
nothing<
  { [N in EventName]: Undescribed<BodyOf<N>, z.output<(typeof eventBodies)[N]>> }[EventName]
>()
nothing<
  { [N in EventName]: Undescribed<z.output<(typeof eventBodies)[N]>, BodyOf<N>> }[EventName]
>()
