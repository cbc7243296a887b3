/** The route of the economy's figures: the days that were closed, what they come to, and the alarms. */

import { z } from 'zod'
import {
  type EconomyDay,
  figuresOf,
  GOALS,
  heldOn,
  inflationOf,
  sumDays,
} from '../../../shared/economy.ts'
import { ALARM_LEVELS } from '../../../shared/economy-verdict.ts'
import { refuse } from '../../../shared/errors.ts'
import { INFLATIONS } from '../../../shared/rulebook/economy.ts'
import { surveyScore } from '../../../shared/survey.ts'
import { DAY_MS, dayBounds, dayText } from '../../../shared/time.ts'
import {
  DAYS_READ_MAX,
  newestDay,
  readDays,
  readLives,
  readSurvey,
  readTallied,
} from '../../economy/index.ts'
import { route } from '../route.ts'
import { Count, ok } from '../shapes/basics.ts'
import { Balances } from '../shapes/wallet.ts'

const Fen = z.int().describe('Hundredths of a yuan')
const Share = z.number().describe('0.1 is 10 %')
const Sources = z.record(z.string(), Count)
const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe("In the platform's zone, `2026-11-30`")

const dayOf = (text: string): number => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY_MS)

const InflationShape = z
  .object({
    stock: Share.exactOptional().describe('Growth of the points outstanding'),
    perCapita: Share.exactOptional().describe('Growth of the points per account'),
    stockOverUsers: z
      .number()
      .exactOptional()
      .describe('Growth of the points by growth of the accounts, a number of times'),
  })
  .meta({ id: 'Inflation' })

const FiguresShape = z.object({
  redeemPerIssued: Share.exactOptional().describe('Points spent by points given; ideal is 0.8'),
  valueBack: Share.exactOptional().describe('Value of the points spent by sales'),
  issuedPerSales: Share.exactOptional().describe('Value of the points given by sales'),
  expiryRate: Share.exactOptional().describe('Of the points there were, those that expired'),
  redemptionRate: Share.exactOptional().describe('Of the points there were, those that were spent'),
  usageRate: Share.exactOptional().describe('Of all accounts, those that ever spent points'),
  memberConversion: Share.exactOptional().describe('Of all accounts, those that registered'),
  highTierShare: Share.exactOptional().describe('Of the sales, those to high tiers'),
  redeemedPerLive: Share.exactOptional().describe(
    'Of the viewers of a live, those who redeemed a reward in it; mean of the lives',
  ),
})

const SumsShape = z.object({
  issued: z.int(),
  spent: z.int().describe('Without what came back'),
  expired: z.int(),
  salesFen: Fen.describe('Without what was paid back, fen'),
  redemptions: Count,
  orders: Count,
})

const Level = z.enum(ALARM_LEVELS)
const AuditShape = z
  .object({
    points: Count.describe('Outstanding'),
    fen: Fen.describe('What they are worth, fen'),
    salesFen: Fen.describe('Of the year, fen'),
    limit: Count.exactOptional().describe('Most points there should be'),
    burn: z
      .object({ points: Count, days: Count, factor: z.number() })
      .exactOptional()
      .describe('Burn week that is proposed for what is above it'),
  })
  .meta({ id: 'StockAudit' })

const VerdictShape = z
  .object({
    inflation: InflationShape,
    definition: z.enum(INFLATIONS).describe('The one that is alarmed on'),
    value: Share.exactOptional().describe('What is held against the thresholds'),
    level: Level,
    issuedPerSales: Share.exactOptional(),
    incentives: Level.describe('Of the points given by sales'),
    audit: AuditShape.exactOptional().describe('On the day before the audit'),
  })
  .meta({ id: 'EconomyVerdict' })

const DayShape = z
  .object({
    date: Day,
    partial: z.literal(true).exactOptional().describe('Counted only since some hour of it'),
    issued: Sources.describe('By action, or by cause where no action earned them'),
    spent: Sources.describe('By use'),
    refunded: z.int(),
    expired: z.int(),
    sessionExpired: z.int(),
    revoked: z.int(),
    transferredIn: z.int(),
    transferredOut: z.int(),
    stock: Balances.describe("At the day's end"),
    accounts: Count,
    used: Count.describe('Accounts that ever spent points'),
    members: Count.describe('Accounts that registered'),
    active: Count,
    orders: Count,
    salesFen: z.array(Fen).describe('By rung of the buyer, lowest first; fen'),
    refundedFen: Fen,
    redemptions: Count,
    lives: Count,
    verdict: VerdictShape,
  })
  .meta({ id: 'EconomyDay' })

const LiveShape = z
  .object({
    date: Day,
    live: Count,
    room: z.string().exactOptional(),
    viewers: Count,
    redeemers: Count,
    redemptions: Count,
    issued: Count,
    spent: Count,
  })
  .meta({ id: 'EconomyLive' })

const economy = route({
  method: 'GET',
  path: '/v1/economy',
  what: 'The economy by day: points by source and use, what is outstanding, accounts, sales, lives; what the days come to; inflation by three definitions and its alarm. Days are closed some minutes after their end.',
  access: 'platform',
  query: z.strictObject({
    from: Day.optional().describe('First day'),
    to: Day.optional().describe('Last day; without it the newest that is closed'),
    days: z.coerce
      .number()
      .int()
      .min(1)
      .max(DAYS_READ_MAX)
      .default(30)
      .describe('So many up to the last one, where no first day is given'),
  }),
  reply: ok({
    days: z.array(DayShape).describe('Oldest first; a day that is not closed is missing'),
    lives: z.array(LiveShape).describe('Of the last 100 days; a live over midnight has two lines'),
    figures: FiguresShape.describe('Of these days together'),
    sums: SumsShape,
    today: z
      .object({ date: Day, ...SumsShape.shape })
      .describe('The running day so far, some seconds old; in none of the figures'),
    goals: z
      .record(z.string(), z.object({ least: Share.exactOptional(), most: Share.exactOptional() }))
      .describe('What figures aim at; those of the rulebook are in `thresholds`'),
    growth: InflationShape.describe('From the first of these days to the last'),
    latest: VerdictShape.exactOptional().describe('Of the newest closed day of all'),
    audit: z
      .object({ date: Day, ...AuditShape.shape })
      .exactOptional()
      .describe('The last one of these days'),
    thresholds: z.object({ days: Count, warn: Share, critical: Share, issuedPerSales: Share }),
    timeZone: z.string(),
  }),
  refusals: ['forbidden', 'bad_request'],
  async run({ query, nowMs }, deps) {
    const { store, partitions } = deps.gate
    const { economy: policy, pointValueFen, timeZone } = deps.rulebook().book
    const newest = await newestDay(store)
    const { day: today } = dayBounds(nowMs, timeZone)
    const to = query.to === undefined ? (newest ?? today - 1) : dayOf(query.to)
    const from = query.from === undefined ? to - query.days + 1 : dayOf(query.from)
    if (!(from <= to)) return refuse('bad_request', { field: 'from' })
    if (!(to - from < DAYS_READ_MAX)) return refuse('bad_request', { field: 'to' })
    const closed = await readDays(store, { from, to })
    const [latest] = newest === undefined ? [] : await readDays(store, { from: newest, to: newest })
    const days = closed.map(({ figures }) => figures)
    const [first, last] = [days[0], days.at(-1)]
    const audited = closed.findLast(({ verdict }) => verdict.audit)
    const { days: window, warn, critical } = policy.inflation
    return {
      ok: true,
      days: closed.map(({ figures, verdict }) => ({ ...shown(figures), verdict })),
      lives: (await readLives(store, { from, to })).map(({ day, ...live }) => ({
        date: dayText(day),
        ...live,
      })),
      figures: figuresOf(days, { pointValueFen, highRung: policy.highRung }),
      sums: sumDays(days),
      today: {
        date: dayText(today),
        ...sumDays([await readTallied({ store, slots: partitions.slots }, today)]),
      },
      goals: GOALS,
      growth: first && last ? inflationOf(heldOn(last), heldOn(first)) : {},
      ...(latest && { latest: latest.verdict }),
      ...(audited?.verdict.audit && {
        audit: { date: dayText(audited.figures.day), ...audited.verdict.audit },
      }),
      thresholds: { days: window, warn, critical, issuedPerSales: policy.issuedPerSales },
      timeZone,
    }
  },
})

const shown = ({ day, liveShares: _, ...figures }: EconomyDay) => ({
  date: dayText(day),
  ...figures,
})

const SurveyScoreShape = z
  .object({
    answers: Count,
    promoters: Count.describe('Answered 9 or 10'),
    detractors: Count.describe('Answered 0 to 6'),
    score: z
      .int()
      .min(-100)
      .max(100)
      .exactOptional()
      .describe('Percent of promoters less percent of detractors (net promoter score)'),
  })
  .meta({ id: 'SurveyScore' })

const survey = route({
  method: 'GET',
  path: '/v1/economy/survey',
  what: 'Whether viewers would recommend the points, by month and by the rung that they had; the newest 24 months.',
  access: 'platform',
  reply: ok({
    asking: z.boolean().describe('Whether the rules in force ask viewers'),
    months: z
      .array(
        z.object({
          month: z.string().describe("In the platform's zone, `2026-11`"),
          ...SurveyScoreShape.shape,
          rungs: z.array(z.object({ rung: Count, ...SurveyScoreShape.shape })),
        }),
      )
      .describe('Oldest first; a month without answers is missing'),
  }),
  refusals: ['forbidden'],
  async run(_, deps) {
    const { store, partitions } = deps.gate
    const months = await readSurvey(store, partitions.slots)
    return {
      ok: true,
      asking: deps.rulebook().book.economy.survey !== undefined,
      months: months.slice(-SURVEY_MONTHS).map(({ month, rungs }) => ({
        month,
        ...surveyScore(added(rungs.map(({ counts }) => counts))),
        rungs: rungs.map(({ rung, counts }) => ({ rung, ...surveyScore(counts) })),
      })),
    }
  },
})

/** Months that are shown. */
const SURVEY_MONTHS = 24

const added = (all: readonly number[][]): number[] =>
  all.reduce<number[]>((sum, counts) => counts.map((count, i) => count + (sum[i] ?? 0)), [])

export const economyRoutes = [economy, survey]
