/** Shapes of the events that the gateway sends, for AsyncAPI: checked against the types that both ends use. */

import { z } from 'zod'
import { OFFER_TASK } from '../../shared/offers.ts'
import type { BodyOf, EventName } from '../../shared/protocol/index.ts'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import type { RoomPulse, RoomState } from '../../shared/room-state.ts'
import { PACKS } from '../../shared/rulebook/privilege.ts'
import { Label } from '../../shared/rulebook/schema.ts'
import { SEGMENT_PACKS } from '../../shared/tiers.ts'
import { AccountShape, ReceiptShape } from './shapes/account.ts'
import { Count, Ms, RoleName } from './shapes/basics.ts'
import { LedgerEntryShape } from './shapes/ledger.ts'
import { MomentShape } from './shapes/moments.ts'
import { PlayShape } from './shapes/play.ts'
import { Board, Comment, Pulse, Room } from './shapes/pulse.ts'
import { RefusalShape } from './shapes/refusal.ts'
import { GainShape } from './shapes/rewards.ts'

const Applied = z.object({ high: Count, mask: Count })

const Resume = { resume: z.string(), resumeExpiresAtMs: Ms }

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
