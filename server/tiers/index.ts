/** What a rung gives and the service delivers. */

export { Packs, type PacksDeps } from './packs.ts'
