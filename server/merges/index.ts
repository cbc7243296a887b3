export { type MergeRequest, Merges, type MergesDeps, type MergeView, UNDO_MS } from './merges.ts'
export { mergeOf, settledIn } from './records.ts'
