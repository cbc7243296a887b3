/** Rules of the game as versions: publish, read, watch. The budgets of lives, and the platform's cap on what is issued. */

export {
  type BudgetUse,
  type Lease,
  type LeaseAsk,
  leaseBudget,
  readBudget,
} from './budget.ts'
export { readDocument, writeDocument } from './document.ts'
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
export { type Brownout, type Held, Issuance } from './issuance.ts'
export { budgetKey, issuanceKey } from './keys.ts'
export {
  beginIssuance,
  countImported,
  freeIdleLeases,
  type IssuanceTerms,
} from './lease-issuance.ts'
export { Leased } from './leased.ts'
export { issuanceMetrics } from './metrics.ts'
export { PROBLEMS_MAX, type Problem } from './problems.ts'
export {
  ensureRulebook,
  type Publication,
  type Published,
  publishRulebook,
  rollBackRulebook,
} from './publish.ts'
export {
  currentRulebook,
  listRulebooks,
  nextRuleNumber,
  type RulebookSummary,
  rulebookVersion,
  scheduledRulebooks,
} from './rulebooks.ts'
export { countSales, reportSales, salesCounted } from './sales.ts'
export {
  type BrownoutSet,
  type IssuanceStanding,
  readIssuance,
  setBrownout,
} from './standing.ts'
export { callBackRulebook } from './timeline.ts'
export { type RulebookWatch, type RulebookWatcher, watchRulebook } from './watch.ts'
