export { type MergeRequest, Merges, type MergesDeps, type MergeView } from './merges.ts'
export { settledIn } from './records.ts'
