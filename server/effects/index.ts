/** What points buy in a room: effects, draws, votes. */

export type { Buyer, EffectsDeps } from './deps.ts'
export * from './effects.ts'
export type { Arrival } from './entrances.ts'
export { ownedKey } from './keys.ts'
export { ENTRANCES_PER_CALL } from './limits.ts'
export { type CreditPart, partId } from './owed.ts'
export { colourOf } from './owned.ts'
export type { Goods } from './prizes.ts'
export { createResults, type Results } from './results.ts'
