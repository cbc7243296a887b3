export { type MergeRequest, Merges, type MergesDeps, type MergeView } from './merges.ts'
export { formerOf, settledIn } from './records.ts'
