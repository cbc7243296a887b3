/** Segments from behaviour, and what they are given: offers in the room, packs, a multiplier. */

export type { Spot, TargetingDeps } from './deps.ts'
export { RECORDS_PER_CALL } from './limits.ts'
export { Targeting } from './targeting.ts'
