export type { MergesDeps } from './deps.ts'
export { type MergeRequest, Merges, type MergeView } from './merges.ts'
export { formerOf, settledIn } from './records.ts'
