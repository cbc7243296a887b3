/** Tasks and campaigns of a room, and the places of limited tasks. */

export * from './claim.ts'
export { taskKeysOf } from './keys.ts'
export * from './run.ts'
