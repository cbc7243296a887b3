/** What operators do with experiments: plan, start, widen, stop. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Arm, Ended, Experiment, Goal, Guards, Where } from '../../shared/experiments.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { type Unit, type VariantChange, variantOf } from '../../shared/rulebook/variant.ts'
import { DAY_MS } from '../../shared/time.ts'
import { currentRulebook, publishRulebook } from '../governance/index.ts'
import { type Clock, must, randomId } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { changeExperiments, readExperiments, type StoredExperiment } from './document.ts'
import { START_NOTICE_MS } from './limits.ts'

export interface Plan {
  id: string
  name: string
  unit: Unit
  goal: Goal
  arms: { id: string; name: string; share: number; changes: VariantChange[] }[]
  control: number
  holdout: number
  where?: Where | undefined
  days: number
  guards: Guards
  by: string
}

type Changed = { ok: true; experiment: Experiment } | Refusal

const ALL = 1000

/** Without the key of its assignment. */
export function withoutSalt({ salt: _, ...experiment }: StoredExperiment): Experiment {
  return experiment
}

const isOver = ({ state }: Pick<Experiment, 'state'>): boolean =>
  state === 'ended' || state === 'done'

/** Where a plan does not fit, as a path. */
function misfit({ unit, arms, control, holdout, where, guards, goal }: Plan): string | undefined {
  const named = arms.findIndex(({ id }, i) => arms.findIndex((one) => one.id === id) !== i)
  if (named >= 0) return `arms.${named}.id`
  if (unit === 'room') {
    if (arms.length !== 1) return 'arms'
    if (control > 0) return 'control'
    if (holdout > 0) return 'holdout'
    if (!where || where.profiles.length + where.rooms.length === 0) return 'where'
    // Points are earned in a room, but belong to none.
    if (guards.inflationMille !== undefined) return 'guards.inflationMille'
    return goal === 'inflation' ? 'goal' : undefined
  }
  if (where) return 'where'
  if (control < 1) return 'control'
  const without = arms.findIndex(({ share }) => share < 1)
  if (without >= 0) return `arms.${without}.share`
  const sum = arms.reduce((all, { share }) => all + share, control)
  return sum > ALL ? 'control' : undefined
}

/** The book of every arm, or which change of which arm does not fit. */
function variantsOf(
  { arms, unit, name }: Pick<Plan, 'arms' | 'unit' | 'name'>,
  { book }: PublishedRulebook,
) {
  const books = []
  for (const arm of arms) {
    const note = `${name}: ${arm.name}`.slice(0, 200)
    const variant = variantOf(book, { changes: arm.changes, unit, note })
    if (!variant.ok) return refuse('experiment_field', { field: variant.field })
    books.push(variant.book)
  }
  return { ok: true as const, books }
}

export class Experiments {
  readonly #store: Store
  readonly #clock: Clock

  constructor({ store, clock }: { store: Store; clock: Clock }) {
    this.#store = store
    this.#clock = clock
  }

  /** Newest first. */
  async list(): Promise<Experiment[]> {
    return (await readExperiments(this.#store)).all.map(withoutSalt)
  }

  /** Plans one; nothing changes for anybody. A change that no arm may make is `experiment_field` and named. */
  async plan(plan: Plan): Promise<Changed> {
    const field = misfit(plan)
    if (field !== undefined) return refuse('bad_request', { field })
    const current = must(await currentRulebook(this.#store), 'a rulebook')
    const fits = variantsOf(plan, current)
    if (!fits.ok) return fits
    const { by, ...rest } = plan
    const planned: StoredExperiment = {
      ...rest,
      arms: plan.arms.map((arm) => ({ ...arm })),
      state: 'planned',
      createdBy: by,
      createdAtMs: this.#clock.now(),
      steps: [],
      salt: randomId(),
    }
    return changeExperiments<Changed>(this.#store, async (all) =>
      all.some(({ id }) => id === plan.id)
        ? { answer: refuse('id_conflict', { field: 'id' }) }
        : { all: [planned, ...all], answer: { ok: true, experiment: withoutSalt(planned) } },
    )
  }

  /** Gives up one that was not started. */
  discard(id: string): Promise<{ ok: true } | Refusal> {
    return changeExperiments<{ ok: true } | Refusal>(this.#store, async (all) => {
      const found = all.find((one) => one.id === id)
      if (!found) return { answer: refuse('not_found', { field: 'id' }) }
      if (found.state !== 'planned') return { answer: refuse('experiment_state') }
      return { all: all.filter((one) => one !== found), answer: { ok: true } }
    })
  }

  /**
   * Publishes the variants of the version that holds now, and lets them be played in a moment, when every process knows
   * of them. One at a time: `experiment_runs` until the one before is counted to its end. Where rules are reviewed somebody else starts it than who planned it.
   */
  start(id: string, { by, review }: { by: string; review: boolean }): Promise<Changed> {
    return this.#change(id, async (planned, all) => {
      if (planned.state !== 'planned') return refuse('experiment_state')
      if (review && planned.createdBy === by) return refuse('review_needed')
      if (all.some(({ state }) => state === 'running' || state === 'ended'))
        return refuse('experiment_runs')
      const current = must(await currentRulebook(this.#store), 'a rulebook')
      const arms = await this.#publish(planned, current, by)
      if (!Array.isArray(arms)) return arms
      const startsAtMs = this.#clock.now() + START_NOTICE_MS
      const endsAtMs = startsAtMs + planned.days * DAY_MS
      const from = { base: current.version, startedBy: by, startsAtMs, endsAtMs }
      return { ...planned, ...from, state: 'running', arms }
    })
  }

  async #publish(
    planned: StoredExperiment,
    current: PublishedRulebook,
    by: string,
  ): Promise<Arm[] | Refusal> {
    const variants = variantsOf(planned, current)
    if (!variants.ok) return variants
    const arms: Arm[] = []
    for (const [i, arm] of planned.arms.entries()) {
      const publication = { book: variants.books[i], by, basis: current.version }
      const answer = await publishRulebook(this.#store, { ...publication, variant: true })
      if (!answer.ok) return answer
      arms.push({ ...arm, version: answer.published.version })
    }
    return arms
  }

  /** More rooms for a pilot; never fewer, since what viewers were promised there holds. */
  widen(id: string, { by, ...more }: Where & { by: string }): Promise<Changed> {
    return this.#change(id, async (running) => {
      const { where, state } = running
      if (!where || isOver(running)) return refuse('experiment_state')
      const joined = {
        profiles: [...new Set([...where.profiles, ...more.profiles])],
        rooms: [...new Set([...where.rooms, ...more.rooms])],
      }
      const step = { ...joined, atMs: this.#clock.now(), by }
      return {
        ...running,
        where: joined,
        steps: state === 'running' ? [...running.steps, step] : running.steps,
      }
    })
  }

  /** The switch that stops it, or one of its arms: everybody plays by the current version again, within a second. */
  stop(id: string, { by, arm }: { by: string; arm?: string | undefined }): Promise<Changed> {
    return this.#change(id, async (running) => {
      if (running.state !== 'running') return refuse('experiment_state')
      const ended: Ended = { atMs: this.#clock.now(), why: 'operator', by }
      if (arm === undefined) return endedBy(running, ended)
      const found = running.arms.find((one) => one.id === arm)
      if (!found) return refuse('not_found', { field: 'arm' })
      return found.stopped ? running : withoutArms(running, new Map([[arm, ended]]))
    })
  }

  #change(
    id: string,
    change: (
      found: StoredExperiment,
      all: readonly StoredExperiment[],
    ) => Promise<StoredExperiment | Refusal>,
  ): Promise<Changed> {
    return changeExperiments<Changed>(this.#store, async (all) => {
      const found = all.find((one) => one.id === id)
      if (!found) return { answer: refuse('not_found', { field: 'id' }) }
      const next = await change(found, all)
      if ('code' in next) return { answer: next }
      return {
        all: all.map((one) => (one === found ? next : one)),
        answer: { ok: true, experiment: withoutSalt(next) },
      }
    })
  }
}

/** Over, as a whole. */
export const endedBy = (running: StoredExperiment, ended: Ended): StoredExperiment => ({
  ...running,
  state: 'ended',
  ended,
})

/** Some arms are over; without any that is left the experiment is, for the reason of the last. */
export function withoutArms(
  running: StoredExperiment,
  stopped: ReadonlyMap<string, Ended>,
): StoredExperiment {
  const arms = running.arms.map((arm) => {
    const ended = stopped.get(arm.id)
    return ended && !arm.stopped ? { ...arm, stopped: ended } : arm
  })
  const next = { ...running, arms }
  const last = [...stopped.values()].at(-1)
  return last && arms.every((arm) => arm.stopped) ? endedBy(next, last) : next
}
