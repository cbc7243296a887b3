/** Team tasks: what friends reach together in teams that they open themselves. */

export type { TeamsDeps } from './deps.ts'
export { ACCOUNTS_PER_CALL } from './limits.ts'
export type { Doing } from './note.ts'
export { Teams } from './teams.ts'
