/** Fan clubs: a ladder for each host beside the platform's, and tasks that a host writes for the own club. */

export type { Seen } from './advance.ts'
export { membershipOf } from './archived.ts'
export { Clubs } from './clubs.ts'
export type { ClubPlace, ClubRoom, ClubsDeps } from './deps.ts'
export { RECORDS_PER_CALL } from './limits.ts'
export { differingClubs, type Restored, restoreClubs } from './restore.ts'
