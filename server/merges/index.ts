/** Two accounts of one person become one, and can become two again. */

export type { MergesDeps } from './deps.ts'
export { type MergeRequest, Merges, type MergeView } from './merges.ts'
export { formerAccounts, formerOf, settledIn } from './records.ts'
