/** A crowd of bots for demonstrations and load. */

export type { BotIdentity, CrowdStats } from './bot.ts'
export { type Crowd, type CrowdOptions, startCrowd } from './crowd.ts'
