/** Rules of the game as versions: publish, read, watch. And the budgets of lives. */

export {
  type BudgetUse,
  type Lease,
  type LeaseAsk,
  leaseBudget,
  readBudget,
} from './budget.ts'
export {
  checkRulebook,
  type Draft,
  discardDraft,
  publishDraft,
  readDraft,
  saveDraft,
} from './draft.ts'
export {
  askDryRun,
  cancelDryRun,
  changeDryRun,
  isUnderWay,
  type KnownJob,
  readDryRun,
} from './dry-runs.ts'
export { budgetKey } from './keys.ts'
export { PROBLEMS_MAX, type Problem } from './problems.ts'
export {
  currentRulebook,
  ensureRulebook,
  listRulebooks,
  nextRuleNumber,
  type Publication,
  type Published,
  publishRulebook,
  type RulebookSummary,
  rollBackRulebook,
  rulebookVersion,
} from './rulebooks.ts'
export { type RulebookWatch, type RulebookWatcher, watchRulebook } from './watch.ts'
