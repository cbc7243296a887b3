/** The partitions of one worker: takes its share of them, and leaves them to others when it stops. */

import type { Partitions } from '../redis/index.ts'
import { dropLease, enrol, leave, takeLease } from './lease.ts'
import { Pump, type PumpOptions } from './pump.ts'

export interface HoldingsOptions extends Omit<PumpOptions, 'place'> {
  /** Names this worker to the others. */
  id: string
  partitions: Partitions
}

/** `pumps` holds one for each partition of this worker, by its index. */
export function createHoldings(options: HoldingsOptions, pumps: Map<number, Pump>) {
  const { store, partitions, id } = options
  let stopping = false

  async function renew(index: number): Promise<void> {
    const slot = partitions.slots[index]
    if (slot === undefined) return
    const heldUntil = await takeLease(store, { slot, worker: id })
    const pump = pumps.get(index)
    if (heldUntil === 0) {
      pumps.delete(index)
      await pump?.stop()
    } else if (pump) {
      pump.heldUntil = heldUntil
    } else if (!stopping) {
      const place = { index, slot }
      const fresh = new Pump({ ...options, place })
      fresh.heldUntil = heldUntil
      pumps.set(index, fresh)
    }
  }

  async function release(index: number): Promise<void> {
    const pump = pumps.get(index)
    if (!pump) return
    pumps.delete(index)
    await pump.stop()
    await dropLease(store, { slot: pump.place.slot, worker: id })
  }

  /** Keeps what it has, up to its share, and takes what nobody has. */
  async function hold(): Promise<void> {
    const share = Math.ceil(partitions.count / Math.max(1, await enrol(store, id)))
    const mine = [...pumps.keys()]
    for (const index of mine.slice(share)) await release(index)
    const others = [...partitions.slots.keys()].filter((index) => !pumps.has(index))
    await settled(mine.slice(0, share).map(renew))
    for (const index of others) {
      if (pumps.size >= share) break
      await renew(index)
    }
  }

  return {
    hold,
    /** Takes no more, and gives up what it has. */
    async leave(): Promise<void> {
      stopping = true
      await settled([...pumps.keys()].map(release))
      await leave(store, id)
    },
  }
}

/** All are tried; the first failure is thrown after the last has ended. */
async function settled(all: Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(all))
    if (result.status === 'rejected') throw result.reason
}
