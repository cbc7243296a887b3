/** Rules of the game as versions: publish, read, watch. */

export {
  currentRulebook,
  ensureRulebook,
  listRulebooks,
  type Publication,
  type Published,
  publishRulebook,
  type RulebookSummary,
  rollBackRulebook,
  rulebookVersion,
} from './rulebooks.ts'
export { type RulebookWatch, type RulebookWatcher, watchRulebook } from './watch.ts'
