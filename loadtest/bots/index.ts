/** A crowd of bots for demonstrations and load. */

export type { BotIdentity, CrowdStats } from './bot.ts'
export { CROWD_MAX, type Crowd, type CrowdOptions, startCrowd } from './crowd.ts'
