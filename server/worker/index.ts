/** The worker: archives journals, tells rooms of tier-ups, gives places, keeps histories, ends lives; audits. */

export { anchorKey } from './archive/anchors.ts'
export { openArchived } from './archive/archived.ts'
export { archiveCommand } from './archive/command.ts'
export { auditCommand } from './audit.ts'
export { exportCommand } from './balances/export-command.ts'
export { owing } from './balances/import.ts'
export { importCommand } from './balances/import-command.ts'
export type { Chore } from './chores.ts'
export { inspectCommand } from './inspect.ts'
export { journalCommand } from './journal-command.ts'
export type { Resolve } from './overdue.ts'
export { createWorker, type Worker, type WorkerDeps, type WorkerHealth } from './worker.ts'
