/** Rewards as the edges use them: one of each per process. */

import type { KeyObject } from 'node:crypto'
import { Awards } from './award.ts'
import { type CatalogueWatch, watchCatalogue } from './catalogue.ts'
import { Codes } from './codes.ts'
import type { RedemptionsOptions } from './deps.ts'
import { Pickup } from './pickup.ts'
import { Redemptions } from './redemptions.ts'
import { Shelf } from './shelf.ts'

export interface Rewards {
  catalogue: CatalogueWatch
  codes: Codes
  shelf: Shelf
  redemptions: Redemptions
  pickup: Pickup
  awards: Awards
}

export interface RewardsOptions extends Omit<RedemptionsOptions, 'catalogue' | 'codes'> {
  /** For pick-up codes: the first one signs, all verify. */
  keys: readonly KeyObject[]
}

/** Rejects where the catalogue cannot be read. `catalogue.stop()` ends it. */
export async function openRewards({ keys, ...options }: RewardsOptions): Promise<Rewards> {
  const { store, clock, log } = options
  const catalogue = await watchCatalogue(store, clock, (error) =>
    log.warn({ err: error }, 'the catalogue of rewards could not be read'),
  )
  const codes = new Codes(keys.map((key) => key.export()))
  const parts = { ...options, catalogue, codes }
  const shelf = new Shelf(parts)
  const redemptions = new Redemptions(parts, shelf)
  const pickup = new Pickup(parts)
  const awards = new Awards(parts, redemptions)
  return { catalogue, codes, shelf, redemptions, pickup, awards }
}
