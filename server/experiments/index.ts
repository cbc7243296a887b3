/** Guarded experiments: some accounts, or some rooms, play by a variant of the rulebook. */

export { Changes, GoalName, Guards } from './document.ts'
export { Experiments, type Plan } from './experiments.ts'
export { ARMS_MAX, CHANGES_MAX, DAYS_MAX, PASS_MS, ROOMS_MAX } from './limits.ts'
export { type PassOptions, passExperiments, readResults, type Stopped } from './pass.ts'
export { type PlayedRoom, Playing } from './playing.ts'
