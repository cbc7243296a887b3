/** Weekly boards and what was redeemed in a room: counted from journals, a week at a time. */

export { Boards } from './boards.ts'
export { type Beside, CONSUMER, type Earned, type Redeemed, type WeekCount } from './count.ts'
export type { BoardsDeps, Standing } from './deps.ts'
export { boardName } from './standing.ts'
export { secondOf, type Week, weekAt, weekBounds, weekNamed } from './week.ts'
