/** Commands of what points buy in the room: effects, draws and votes. */

import { z } from 'zod'
import { ODDS_WHOLE } from '../draw.ts'
import {
  BUYABLE,
  COLOURS,
  type DrawView,
  type EffectsView,
  ENTRANCES,
  type Mine,
  type PrizeOffer,
  type VoteView,
} from '../effects.ts'
import { ID_PATTERN } from '../ids.ts'
import { Label } from '../rulebook/schema.ts'
import { BROADCAST_CHARS_MAX, OPTIONS_MAX, PRIZES_MAX } from './limits.ts'
import { command } from './registry.ts'

/** A broadcast that waits for the host: whose it is, and its id there. */
const Ask = z.strictObject({
  handle: z.string().regex(/^[A-Za-z0-9_-]{1,16}$/),
  id: z.string().regex(ID_PATTERN),
})
/** Repeating a request with the same id takes nothing twice and answers what the first one did. */
const RequestId = z.string().regex(/^[A-Za-z0-9_-]{8,32}$/)
const Game = z.int().min(1).max(0xffff_ffff)
const viewer = ['viewer'] as const
const host = ['host'] as const
const often = { burst: 10, perMinute: 60 }

export const playCommands = {
  'effect.list': command<EffectsView>()({
    what: 'What can be bought here, what the viewer owns, and the draws and votes that run.',
    roles: viewer,
    limit: { burst: 10, perMinute: 60 },
    input: z.strictObject({
      broadcast: RequestId.optional().describe('Says what became of this one'),
    }),
    refusals: ['rate_limited', 'busy'],
  }),
  'effect.buy': command<{ ok: true; state: 'done' | 'waiting' }>()({
    what: 'Buy an effect with points. A broadcast waits for the host; its points are held until then.',
    roles: viewer,
    limit: { burst: 5, perMinute: 30 },
    input: z.discriminatedUnion('effect', [
      z.strictObject({
        effect: z.literal(BUYABLE[0]),
        requestId: RequestId,
        text: z.string().min(1).max(BROADCAST_CHARS_MAX),
      }),
      z.strictObject({
        effect: z.literal(BUYABLE[1]),
        requestId: RequestId,
        colour: z.enum(COLOURS),
      }),
      z.strictObject({
        effect: z.literal(BUYABLE[2]),
        requestId: RequestId,
        entrance: z.enum(ENTRANCES),
      }),
      z.strictObject({
        effect: z.literal(BUYABLE[3]),
        requestId: RequestId,
        points: z.int().min(1).max(1_000_000),
      }),
      z.strictObject({ effect: z.literal(BUYABLE[4]), requestId: RequestId }),
    ]),
    refusals: [
      'rate_limited',
      'room_ended',
      'not_on_sale',
      'text_refused',
      'limit_reached',
      'stage_safe',
      'points_short',
      'points_elsewhere',
      'account_frozen',
      'id_conflict',
      'too_many_holds',
      'hold_closed',
      'busy',
    ],
  }),
  'draw.enter': command<{ ok: true; first: number; prizes: (number | null)[]; mine: Mine }>()({
    what: 'Take tickets of a draw or open blind boxes: the free one of the day, or bought ones.',
    roles: viewer,
    limit: often,
    input: z.strictObject({
      requestId: RequestId,
      draw: Game,
      tickets: z.int().min(1).max(100).describe('1 where it is the free one'),
      free: z.boolean().default(false),
    }),
    refusals: [
      'rate_limited',
      'not_on_sale',
      'draw_closed',
      'tier_needed',
      'limit_reached',
      'sold_out',
      'points_short',
      'points_elsewhere',
      'account_frozen',
      'id_conflict',
      'too_many_holds',
      'hold_closed',
      'busy',
    ],
  }),
  'vote.cast': command<{ ok: true; mine: Mine }>()({
    what: 'Vote for an option: the free vote, or bought ones.',
    roles: viewer,
    limit: often,
    input: z.strictObject({
      requestId: RequestId,
      vote: Game,
      option: z
        .int()
        .min(0)
        .max(OPTIONS_MAX - 1),
      votes: z.int().min(1).max(100).describe('1 where it is the free one'),
      free: z.boolean().default(false),
    }),
    refusals: [
      'rate_limited',
      'not_on_sale',
      'draw_closed',
      'limit_reached',
      'points_short',
      'points_elsewhere',
      'account_frozen',
      'id_conflict',
      'too_many_holds',
      'hold_closed',
      'busy',
    ],
  }),
} as const

const Days = z.int().min(1).max(365)
const Prize = z
  .strictObject({
    points: z.int().min(0).max(1_000_000).default(0),
    voucher: z.string().max(60).default('').describe('What the winner is told'),
    reward: z
      .string()
      .regex(ID_PATTERN)
      .optional()
      .describe('Of the catalogue: taken from its stock when it is won'),
    effect: z
      .union([
        z.strictObject({ colour: z.enum(COLOURS), days: Days }),
        z.strictObject({ entrance: z.enum(ENTRANCES), days: Days }),
      ])
      .optional(),
    winners: z.int().min(1).max(100).optional(),
    odds: z.int().min(1).max(ODDS_WHOLE).optional().describe('In so many of 10,000 boxes'),
  })
  .refine(
    ({ points, voucher, reward, effect }) =>
      [points > 0, voucher !== '', reward, effect].filter(Boolean).length === 1,
    { message: 'a prize is points, a reward, an effect or a voucher' },
  )

export const playHostCommands = {
  'broadcast.approve': command<{ ok: true }>()({
    what: 'Show a broadcast on overlays and stage; its points are spent.',
    roles: host,
    limit: often,
    input: Ask,
    refusals: ['forbidden', 'rate_limited', 'ask_gone', 'stage_safe', 'busy'],
  }),
  'broadcast.reject': command<{ ok: true }>()({
    what: 'Do not show a broadcast; its points go back.',
    roles: host,
    limit: often,
    input: Ask,
    refusals: ['forbidden', 'rate_limited', 'ask_gone', 'busy'],
  }),
  'draw.open': command<{ ok: true; draw: DrawView }>()({
    what: 'Open a draw or blind boxes. The hash of the seed is published now, the seed at the end.',
    roles: host,
    limit: often,
    input: z
      .strictObject({
        requestId: RequestId,
        box: z.boolean().default(false),
        title: Label,
        prizes: z.array(Prize).min(1).max(PRIZES_MAX),
        seconds: z.int().min(10).max(86_400),
        rung: z.int().min(1).max(9).optional().describe('Only for this rung and above'),
      })
      .refine(
        ({ box, prizes }) =>
          prizes.every(({ winners, odds }) =>
            box
              ? odds !== undefined && winners === undefined
              : winners !== undefined && odds === undefined,
          ),
        { path: ['prizes'], message: 'draws have winners, boxes have odds' },
      )
      .refine(({ prizes }) => prizes.reduce((sum, { odds = 0 }) => sum + odds, 0) <= ODDS_WHOLE, {
        path: ['prizes'],
        message: 'odds are parts of 10,000',
      }),
    refusals: [
      'forbidden',
      'rate_limited',
      'room_ended',
      'room_full',
      'not_on_sale',
      'limit_reached',
      'not_found',
      'sold_out',
      'id_conflict',
      'busy',
    ],
  }),
  'prize.list': command<{ ok: true; rewards: PrizeOffer[] }>()({
    what: 'Rewards of the catalogue that can be prizes here, and how many pieces are left.',
    roles: host,
    limit: often,
    input: z.strictObject({}),
    refusals: ['forbidden', 'rate_limited', 'busy'],
  }),
  'draw.close': command<{ ok: true }>()({
    what: 'End a draw now: the seed is published and prizes are paid.',
    roles: host,
    limit: often,
    input: z.strictObject({ draw: Game }),
    refusals: ['forbidden', 'rate_limited', 'draw_closed', 'busy'],
  }),
  'vote.open': command<{ ok: true; vote: VoteView }>()({
    what: 'Let viewers vote, for example on the product of the next live.',
    roles: host,
    limit: often,
    input: z.strictObject({
      requestId: RequestId,
      title: Label,
      options: z.array(Label).min(2).max(OPTIONS_MAX),
      seconds: z.int().min(10).max(86_400),
    }),
    refusals: [
      'forbidden',
      'rate_limited',
      'room_ended',
      'room_full',
      'not_on_sale',
      'id_conflict',
      'busy',
    ],
  }),
  'vote.close': command<{ ok: true }>()({
    what: 'End a vote now and show the result.',
    roles: host,
    limit: often,
    input: z.strictObject({ vote: Game }),
    refusals: ['forbidden', 'rate_limited', 'draw_closed', 'busy'],
  }),
} as const
