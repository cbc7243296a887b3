/** Routes of experiments: plan, start, look at what was found, widen a pilot, stop. */

import { z } from 'zod'
import { ENDINGS, type Experiment, GOALS, type Goal, STUDIED } from '../../../shared/experiments.ts'
import { UNITS } from '../../../shared/rulebook/variant.ts'
import {
  ARMS_MAX,
  CHANGES_MAX,
  Changes,
  DAYS_MAX,
  GoalName,
  Guards,
  ROOMS_MAX,
  readResults,
} from '../../experiments/index.ts'
import { route } from '../route.ts'
import { Count, Id, Ms, Name, ok } from '../shapes/basics.ts'

const ExperimentId = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/)
const ArmId = z.string().regex(/^(?!control$)[a-z][a-z0-9_-]{0,31}$/)
const Mille = z.int().min(0).max(1000)
const Rooms = {
  profiles: z.array(z.string().max(32)).max(ROOMS_MAX).default([]).describe('Kinds of rooms'),
  rooms: z.array(Id).max(ROOMS_MAX).default([]),
}
const Over = z.object({ atMs: Ms, why: z.enum(ENDINGS), by: z.string().optional() })
const ArmPlan = {
  id: ArmId,
  name: Name,
  share: Mille.default(0).describe('Of all accounts, in thousandths; 0 in a pilot'),
  changes: Changes.min(1).max(CHANGES_MAX),
}
const Shape = z.object({
  id: ExperimentId,
  name: z.string(),
  unit: z.enum(UNITS),
  goal: GoalName,
  arms: z.array(
    z.object({
      ...ArmPlan,
      share: Mille,
      version: z.int().optional().describe('Of the rulebook, by which it plays'),
      stopped: Over.optional(),
    }),
  ),
  control: Mille,
  holdout: Mille,
  where: z.object({ profiles: z.array(z.string()), rooms: z.array(z.string()) }).optional(),
  days: z.int(),
  guards: Guards,
  state: z
    .enum(['planned', 'running', 'ended', 'done'])
    .describe('`done` once all was counted to its end'),
  createdBy: z.string(),
  createdAtMs: Ms,
  base: z.int().optional().describe('The version it compares with'),
  startedBy: z.string().optional(),
  startsAtMs: Ms.optional(),
  endsAtMs: Ms.optional(),
  ended: Over.optional(),
  steps: z.array(
    z.object({
      profiles: z.array(z.string()),
      rooms: z.array(z.string()),
      atMs: Ms,
      by: z.string(),
    }),
  ),
})
const Estimate = z.object({
  value: z.number(),
  difference: z.number().optional().describe('To the control; only once it ran its time'),
  low: z.number().optional().describe('The difference lies between, 19 times of 20'),
  high: z.number().optional(),
})
const Found = z.object({
  atMs: Ms,
  full: z.boolean().describe('More accounts came than are studied; the first ones are'),
  arms: z.array(
    z.object({
      id: z.string(),
      viewers: Count,
      active: Count.describe('Viewers who did something beside watching'),
      sums: z.object(
        Object.fromEntries(STUDIED.map((name) => [name, z.int()])) as Record<
          (typeof STUDIED)[number],
          z.ZodInt
        >,
      ),
      costFen: z.int(),
      estimates: z.object(
        Object.fromEntries(
          Object.keys(GOALS).map((goal) => [goal, Estimate.exactOptional()]),
        ) as Record<Goal, z.ZodExactOptional<typeof Estimate>>,
      ),
    }),
  ),
  verdicts: z.record(
    z.string(),
    z.enum(['waits', 'early', 'pilot', 'few', 'even', 'better', 'worse']),
  ),
})

const changed = ok({ experiment: Shape })

const list = route({
  method: 'GET',
  path: '/v1/experiments',
  what: 'Experiments, newest first, with what was counted last of each.',
  access: 'platform',
  reply: ok({ experiments: z.array(z.object({ experiment: Shape, results: Found.optional() })) }),
  refusals: ['forbidden'],
  async run(_, { experiments, gate: { store } }) {
    const all = await experiments.list()
    const withResults = async (experiment: Experiment) => {
      const results = await readResults(store, experiment.id)
      return { experiment, ...(results && { results }) }
    }
    return { ok: true, experiments: await Promise.all(all.map(withResults)) }
  },
})

const plan = route({
  method: 'POST',
  path: '/v1/experiments',
  what: 'Plan an experiment: arms are the rulebook with named fields changed. `account`: a share of the accounts plays by each, and a share is the control. `room`: a pilot in some rooms or kinds of rooms. Nothing changes before it is started.',
  access: 'platform',
  body: z.strictObject({
    id: ExperimentId,
    name: Name,
    unit: z.enum(UNITS).default('account'),
    goal: GoalName.describe('What it is decided by'),
    arms: z.array(z.strictObject(ArmPlan)).min(1).max(ARMS_MAX),
    control: Mille.default(0).describe('Accounts that are compared with, in thousandths'),
    holdout: Mille.default(0).describe('Accounts that no experiment touches, in thousandths'),
    where: z.strictObject(Rooms).optional(),
    days: z.int().min(1).max(DAYS_MAX),
    guards: Guards.prefault({}),
  }),
  reply: changed,
  refusals: ['forbidden', 'bad_request', 'experiment_field', 'id_conflict'],
  run: ({ body, caller: { by } }, { experiments }) => experiments.plan({ ...body, by }),
})

const params = z.strictObject({ experiment: ExperimentId })

const start = route({
  method: 'POST',
  path: '/v1/experiments/{experiment}/start',
  what: 'Start it: its variants are published beside the current version and played two seconds later, everywhere. One at a time. Publishing another rulebook ends it.',
  access: 'platform',
  params,
  reply: changed,
  refusals: [
    'forbidden',
    'not_found',
    'experiment_state',
    'experiment_runs',
    'experiment_field',
    'rulebook_moved',
    'rulebook_invalid',
    'review_needed',
  ],
  run: ({ params: { experiment }, caller }, { experiments, site }) =>
    experiments.start(experiment, {
      by: caller.by,
      review: site.rulesReviewed && caller.operator !== undefined,
    }),
})

const widen = route({
  method: 'POST',
  path: '/v1/experiments/{experiment}/widen',
  what: 'Add rooms or kinds of rooms to a pilot; none is ever taken out of it.',
  access: 'platform',
  params,
  body: z.strictObject(Rooms),
  reply: changed,
  refusals: ['forbidden', 'not_found', 'experiment_state'],
  run: ({ params: { experiment }, body, caller: { by } }, { experiments }) =>
    experiments.widen(experiment, { ...body, by }),
})

const stop = route({
  method: 'POST',
  path: '/v1/experiments/{experiment}/stop',
  what: 'Stop it, or one of its arms: within a second all play by the current version again. What was earned stays.',
  access: 'platform',
  params,
  body: z.strictObject({ arm: ArmId.optional() }),
  reply: changed,
  refusals: ['forbidden', 'not_found', 'experiment_state'],
  run: ({ params: { experiment }, body: { arm }, caller: { by } }, { experiments }) =>
    experiments.stop(experiment, { by, arm }),
})

const discard = route({
  method: 'DELETE',
  path: '/v1/experiments/{experiment}',
  what: 'Give up an experiment that was not started.',
  access: 'platform',
  params,
  reply: ok({}),
  refusals: ['forbidden', 'not_found', 'experiment_state'],
  run: ({ params: { experiment } }, { experiments }) => experiments.discard(experiment),
})

export const experimentRoutes = [list, plan, start, widen, stop, discard]
