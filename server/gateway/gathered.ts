/** What the viewers of one gateway did to a room since its last pulse. */

import { formatAccount } from '../../shared/ids.ts'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import type { CommentLine } from '../../shared/room-state.ts'
import {
  ACTORS_PER_PULSE,
  type AnswerReader,
  BOARD_PER_PULSE,
  COMMENTS_PER_PULSE,
  type PulseInput,
} from '../scoring/index.ts'
import { COMMENTS_WAITING_MAX } from './limits.ts'

/** A viewer as the board shows one. */
export interface Earner {
  readonly account: number
  /** Absolute points of this live. */
  readonly earned: number
  readonly rung: number
  readonly name: string
  /** The `Gathered` in which it is listed for the board, so that it is listed once. */
  gathered: object | undefined
}

/** The part of a pulse that comes from viewers. */
export type Share = Pick<
  PulseInput,
  'weight' | 'byAction' | 'actors' | 'board' | 'comments' | 'issued'
>

const namedActions = (byAction: readonly number[]): [Action, number][] =>
  (Object.entries(ACTIONS) as [Action, number][]).flatMap(([name, no]) => {
    const weight = byAction[no]
    return weight === undefined ? [] : [[name, weight]]
  })

/** Of the devices of one account the first. */
function onePerAccount(earners: readonly Earner[]): Earner[] {
  const accounts = new Set<number>()
  return earners.filter(({ account }) => accounts.size !== accounts.add(account).size)
}

export class Gathered {
  #weight = 0
  /** By number of the action; what did not happen is not there. */
  #byAction: number[] = []
  readonly #actors = new Set<number>()
  #board: Earner[] = []
  #comments: PulseInput['comments'][number][] = []
  #issued = 0

  get isEmpty(): boolean {
    return this.#weight === 0 && this.#comments.length === 0 && this.#board.length === 0
  }

  add(earner: Earner, answer: AnswerReader): void {
    const issued = answer.issued()
    this.#weight += answer.heat
    this.#issued += issued
    if (answer.heat > 0) {
      if (this.#actors.size < ACTORS_PER_PULSE) this.#actors.add(earner.account)
      for (let i = 0; i < answer.heats; i++) {
        const action = answer.heatAction(i)
        this.#byAction[action] = (this.#byAction[action] ?? 0) + answer.heatOf(i)
      }
    }
    if (issued > 0) this.#list(earner)
  }

  #list(earner: Earner): void {
    if (earner.gathered === this) return
    earner.gathered = this
    this.#board.push(earner)
  }

  /** The oldest of too many give way. */
  say(comment: Omit<CommentLine, 'id'>): void {
    const { atMs: _, ...line } = comment
    this.#comments.push({ account: comment.handle, line })
    if (this.#comments.length > COMMENTS_WAITING_MAX) this.#comments.shift()
  }

  /** As much as one pulse carries; the rest is left to `later`, the newest of the two. */
  share(later: Gathered): Share {
    later.#comments = this.#comments.splice(COMMENTS_PER_PULSE)
    const board = onePerAccount(this.#board.sort((a, b) => b.earned - a.earned))
    for (const earner of board.splice(BOARD_PER_PULSE)) later.#list(earner)
    return {
      weight: this.#weight,
      byAction: namedActions(this.#byAction),
      actors: [...this.#actors].map(formatAccount),
      board: board.map(({ account, earned: points, rung, name }) => {
        return { account: formatAccount(account), points, rung, name }
      }),
      comments: this.#comments,
      issued: this.#issued,
    }
  }
}
