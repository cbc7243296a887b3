/** All experiments in one small document, changed by whoever read it last. */

import { z } from 'zod'
import { ENDINGS, type Experiment, GOALS, type Goal } from '../../shared/experiments.ts'
import { UNITS } from '../../shared/rulebook/variant.ts'
import { readDocument, writeDocument } from '../governance/index.ts'
import { type Store, scriptNow } from '../redis/index.ts'
import { experimentsKey } from './keys.ts'
import { ATTEMPTS_MAX, EXPERIMENTS_KEPT } from './limits.ts'

export const Changes = z.array(
  z.strictObject({
    field: z.string().min(1).max(80).describe('As `earn.like.points`, with the id of the rule'),
    value: z.union([z.number(), z.boolean(), z.string().max(40), z.null()]),
  }),
)
const Ended = z.object({ atMs: z.number(), why: z.enum(ENDINGS), by: z.string().optional() })
const Arm = z.object({
  id: z.string(),
  name: z.string(),
  share: z.number(),
  changes: Changes,
  version: z.number().optional(),
  stopped: Ended.optional(),
})
const where = { profiles: z.array(z.string()), rooms: z.array(z.string()) }
export const Guards = z.strictObject({
  costMille: z.int().min(1).max(100_000).optional(),
  inflationMille: z.int().min(1).max(100_000).optional(),
  refusedMille: z.int().min(1).max(1000).optional(),
  fromViewers: z.int().min(1).max(1_000_000).default(100),
})
export const GoalName = z.enum(Object.keys(GOALS) as [Goal, ...Goal[]])

/** An experiment as it is stored: the key of its assignment is nobody's business. */
const Stored = z.object({
  id: z.string(),
  name: z.string(),
  unit: z.enum(UNITS),
  goal: GoalName,
  arms: z.array(Arm),
  control: z.number(),
  holdout: z.number(),
  where: z.object(where).optional(),
  days: z.number(),
  guards: Guards,
  state: z.enum(['planned', 'running', 'ended', 'done']),
  createdBy: z.string(),
  createdAtMs: z.number(),
  base: z.number().optional(),
  startedBy: z.string().optional(),
  startsAtMs: z.number().optional(),
  endsAtMs: z.number().optional(),
  ended: Ended.optional(),
  steps: z.array(z.object({ ...where, atMs: z.number(), by: z.string() })),
  salt: z.string(),
})
export type StoredExperiment = Experiment & { salt: string }

/** Changes with the document. */
const REVISION_CHARS = 20

/** Empty where there is no document; what watchers compare. */
export const documentRevision = async (store: Store): Promise<string> =>
  (await store.getrange(experimentsKey, 0, REVISION_CHARS)).split(' ')[0] ?? ''

/** Newest first. Throws where this release cannot read it. */
export async function readExperiments(
  store: Store,
): Promise<{ revision: number; all: StoredExperiment[] }> {
  const found = await readDocument(store, experimentsKey)
  if (!found) return { revision: 0, all: [] }
  return { revision: found.revision, all: z.array(Stored).parse(JSON.parse(found.document)) }
}

/** Of too many the oldest that is over goes. */
function bounded(all: readonly StoredExperiment[]): StoredExperiment[] {
  if (all.length <= EXPERIMENTS_KEPT) return [...all]
  const oldest = all.findLastIndex(({ state }) => state === 'done')
  return all.filter((_, i) => i !== (oldest < 0 ? all.length - 1 : oldest))
}

/** Changes the document as it stands then; `change` answers undefined where there is nothing to do. */
export async function changeExperiments<T>(
  store: Store,
  change: (all: StoredExperiment[]) => Promise<{ all?: StoredExperiment[]; answer: T }>,
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { revision, all } = await readExperiments(store)
    const { all: next, answer } = await change(all)
    if (!next) return answer
    const document = JSON.stringify(bounded(next))
    const saved = await writeDocument(store, experimentsKey, {
      ...{ revision, document, now_ms: scriptNow() },
    })
    if (saved) return answer
  }
  throw new Error('the experiments are changed by too many at once')
}
