/** Whose points are good where they are to be spent. */

import type { WalletPolicy } from '../../shared/rulebook/wallet.ts'

/** Where points are spent: a brand, and perhaps one of its rooms. */
export interface Spot {
  /** Number of the brand. */
  at: number
  /** Numbers of the room and of its host, where these have points of their own. */
  local?: readonly number[]
}

/**
 * Numbers of those whose points pay there, the narrowest first. How far points reach was settled when they were
 * earned: those of a room or a host stay theirs, and those of a brand the brand's, whatever the rulebook says by now.
 */
export async function poolAt(
  { pool, coalition }: Pick<WalletPolicy, 'pool' | 'coalition'>,
  numbersOf: (brands: readonly string[]) => Promise<number[]>,
  { at, local = [] }: Spot,
): Promise<readonly number[]> {
  if (pool !== 'coalition') return [...local, at]
  const members = await numbersOf(coalition)
  return [...local, at, ...(members.includes(at) ? members.filter((one) => one !== at) : [])]
}
