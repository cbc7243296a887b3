/** What the form of a new experiment sends. */

import type { Goal } from '../../../shared/experiments.ts'
import type { Unit } from '../../../shared/rulebook/variant.ts'

export const wordsOf = (text: string): string[] => text.split(/[\s,，]+/).filter(Boolean)

export interface Filled {
  id: string
  name: string
  unit: Unit
  goal: Goal
  armName: string
  /** Per cent. */
  share: string
  profiles: string
  rooms: string
  days: string
  changes: readonly { field: string; value: string }[]
  /** Per cent; empty is no limit. */
  cost: string
  inflation: string
  from: string
}

/** Tenths of a per cent. */
const MILLE_PER_CENT = 10

const mille = (percent: string): number => Math.round(Number(percent) * MILLE_PER_CENT)
const limit = (name: string, percent: string) => (percent === '' ? {} : { [name]: mille(percent) })

/** As the API takes it; undefined where something is missing. */
export function planOf(filled: Filled) {
  const { id, name, unit, goal, armName, share, days, from } = filled
  const changes = filled.changes.filter(({ field, value }) => field !== '' && value !== '')
  if (id === '' || name === '' || armName === '' || changes.length === 0) return undefined
  const isPilot = unit === 'room'
  const where = { profiles: wordsOf(filled.profiles), rooms: wordsOf(filled.rooms) }
  const values = changes.map(({ field, value }) => ({ field, value: Number(value) }))
  return {
    ...{ id, name, unit, goal, days: Number(days) },
    control: isPilot ? 0 : mille(share),
    arms: [{ id: 'arm', name: armName, share: isPilot ? 0 : mille(share), changes: values }],
    ...(isPilot && { where }),
    guards: {
      ...limit('costMille', filled.cost),
      ...(!isPilot && limit('inflationMille', filled.inflation)),
      fromViewers: Number(from),
    },
  }
}
