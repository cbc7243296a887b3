/** What the form of a new experiment sends. */

import type { Goal } from '../../../shared/experiments.ts'
import type { Unit } from '../../../shared/rulebook/variant.ts'

export const wordsOf = (text: string): string[] => text.split(/[\s,，]+/).filter(Boolean)

export interface FilledArm {
  name: string
  changes: readonly { field: string; value: string }[]
}

export const EMPTY_ARM: FilledArm = { name: '', changes: [{ field: '', value: '' }] }
/** As many as the service takes beside the control. */
export const ARMS_MAX = 4

/** Per cent of each arm where all of them and the control are alike. */
export const evenShare = (arms: number): number => Math.floor(100 / (arms + 1))

export interface Filled {
  id: string
  name: string
  unit: Unit
  goal: Goal
  /** Of a pilot only the first counts: its rooms play one variant. */
  arms: readonly FilledArm[]
  /** Of each arm, and of the control, per cent. */
  share: string
  profiles: string
  rooms: string
  days: string
  /** Per cent; empty is no limit. */
  cost: string
  inflation: string
  from: string
}

/** Tenths of a per cent. */
const MILLE_PER_CENT = 10

const mille = (percent: string): number => Math.round(Number(percent) * MILLE_PER_CENT)
const limit = (name: string, percent: string) => (percent === '' ? {} : { [name]: mille(percent) })

/** Undefined where its name or every change is missing. */
function armOf({ name, changes }: FilledArm, at: number, share: number) {
  const whole = changes.filter(({ field, value }) => field !== '' && value !== '')
  if (name === '' || whole.length === 0) return undefined
  const id = at === 0 ? 'arm' : `arm-${at + 1}`
  return {
    id,
    name,
    share,
    changes: whole.map(({ field, value }) => ({ field, value: Number(value) })),
  }
}

/** As the API takes it; undefined where something is missing. */
export function planOf(filled: Filled) {
  const { id, name, unit, goal, days, from } = filled
  const isPilot = unit === 'room'
  const share = isPilot ? 0 : mille(filled.share)
  const wanted = isPilot ? filled.arms.slice(0, 1) : filled.arms
  const arms = wanted.flatMap((arm, at) => armOf(arm, at, share) ?? [])
  if (id === '' || name === '' || arms.length < wanted.length) return undefined
  const where = { profiles: wordsOf(filled.profiles), rooms: wordsOf(filled.rooms) }
  return {
    ...{ id, name, unit, goal, days: Number(days), arms },
    control: share,
    ...(isPilot && { where }),
    guards: {
      ...limit('costMille', filled.cost),
      ...(!isPilot && limit('inflationMille', filled.inflation)),
      fromViewers: Number(from),
    },
  }
}
