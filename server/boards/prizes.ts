/** Prizes of boards that were closed, until each is paid. */

import { type Due, forgetDue, readDue } from './close.ts'
import type { BoardsDeps } from './deps.ts'
import { PAID_PER_PASS } from './limits.ts'
import { weekName } from './week.ts'

/** Rank and prize are all that a prize's entry says, beside the week and the board. */
const prizeSubject = ({ week, board, rank }: Omit<Due, 'field' | 'account' | 'points'>) =>
  `board ${weekName(week)} ${rank} ${board}`

export class Prizes {
  readonly #deps: BoardsDeps
  /** Where paying goes on: prizes that have to wait must not hold up the others. */
  #cursor = '0'

  constructor(deps: BoardsDeps) {
    this.#deps = deps
  }

  /** What the platform's cap does not let through now waits for the next pass. */
  async pay(): Promise<void> {
    const { store, log } = this.#deps
    const found = await readDue(store, { cursor: this.#cursor, most: PAID_PER_PASS })
    this.#cursor = found.next
    for (const due of found.due) {
      const answer = await this.#issue(due)
      if (answer === 'later') continue
      if (answer === 'nobody')
        log.warn({ week: due.week, board: due.board, rank: due.rank }, 'a prize is of nobody')
      await forgetDue(store, due)
    }
  }

  /** To the account that had the place: what comes to one that was merged follows into the other. */
  async #issue(due: Due): Promise<'paid' | 'later' | 'nobody'> {
    const { wallets, brandOf } = this.#deps
    const { account, points, week, board } = due
    const brandNo = await brandOf(account)
    if (brandNo === undefined) return 'nobody'
    const issued = await wallets.issue({
      account,
      id: `board-${week}-${board.replace('.', '-')}`,
      lots: [{ issuer: brandNo, points }],
      cause: 'prize',
      subject: prizeSubject(due),
      at: brandNo,
    })
    // Another amount under the id: it had been paid.
    return issued.ok || issued.code === 'id_conflict' ? 'paid' : 'later'
  }
}
