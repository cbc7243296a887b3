/** Adds up what was counted of accounts, arm by arm, with the points they had before. */

import { CONTROL, STUDIED } from '../../shared/experiments.ts'
import { forgetStudy, STUDY_FULL, scanStudy } from '../economy/index.ts'
import type { Partitions, SlotTag, Store } from '../redis/index.ts'
import { accountKey, readAccountRecord } from '../wallet/index.ts'
import { assign } from './assign.ts'
import { ArmSums } from './compare.ts'
import type { StoredExperiment } from './document.ts'
import { READ_PER_CALL } from './limits.ts'

export interface Gathered {
  /** By the id of the arm; the control has a name of its own. */
  arms: Map<string, ArmSums>
  full: boolean
}

/** One line of a study: an account, and in a pilot the version that it played by there. */
interface Line {
  account: number
  arm: string
  studied: number[]
}

/** The arm that a stored line is of; undefined where it is outside. */
function armOf(experiment: StoredExperiment, account: number, version: number) {
  if (experiment.unit === 'room')
    return experiment.arms.find((arm) => arm.version === version)?.id ?? CONTROL
  const arm = assign(experiment, account)
  return arm === -1 ? CONTROL : experiment.arms[arm ?? Number.NaN]?.id
}

const NET = STUDIED.indexOf('net')

/** Throws where Redis cannot be reached. */
export async function gatherFigures(
  { store, partitions }: { store: Store; partitions: Partitions },
  experiment: StoredExperiment,
): Promise<Gathered> {
  const arms = new Map([CONTROL, ...experiment.arms.map(({ id }) => id)].map(toSums))
  let full = false
  for (const slot of partitions.slots)
    for await (const page of scanStudy(store, slot, experiment.id)) {
      const isFull = page.some(([field]) => field === STUDY_FULL)
      full = full || isFull
      await addPage({ store, slot }, arms, page.flatMap(lineIn(experiment)))
    }
  return { arms, full }
}

const toSums = (id: string): [string, ArmSums] => [id, new ArmSums()]

const lineIn =
  (experiment: StoredExperiment) =>
  ([field, text]: readonly [string, string]): Line[] => {
    if (field === STUDY_FULL) return []
    const [account = 0, version = 0] = field.split(':').map(Number)
    const arm = armOf(experiment, account, version)
    return arm === undefined ? [] : [{ account, arm, studied: text.split(' ').map(Number) }]
  }

async function addPage(
  { store, slot }: { store: Store; slot: SlotTag },
  arms: ReadonlyMap<string, ArmSums>,
  lines: readonly Line[],
): Promise<void> {
  for (let from = 0; from < lines.length; from += READ_PER_CALL) {
    const some = lines.slice(from, from + READ_PER_CALL)
    const records = await store.mgetBuffer(some.map(({ account }) => accountKey(slot, account)))
    for (const [i, { arm, studied }] of some.entries()) {
      const held = heldIn(records[i] ?? null)
      arms.get(arm)?.add({ studied, before: Math.max(0, held - (studied[NET] ?? 0)) })
    }
  }
}

/** Points of an account in all buckets; one whose record cannot be read has none, which the audit says. */
function heldIn(bytes: Buffer | null): number {
  if (!bytes) return 0
  try {
    return readAccountRecord(bytes).wallet.lots.reduce((sum, { points }) => sum + points, 0)
  } catch {
    return 0
  }
}

/** Frees what was counted of accounts. */
export async function forgetFigures(
  { store, partitions }: { store: Store; partitions: Partitions },
  id: string,
): Promise<void> {
  for (const slot of partitions.slots) await forgetStudy(store, slot, id)
}
