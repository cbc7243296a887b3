/** What the page reads of weekly boards. */

import type { WeekBoard } from '../../../shared/boards.ts'

export interface BoardsRead {
  boards: WeekBoard[]
}
