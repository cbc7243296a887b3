/** What a viewer is in the fan club of the room's host, as the own comments show it. */

import type { Label } from '../../shared/rulebook/parts.ts'
import type { GatewayDeps } from './deps.ts'
import { CLUB_TITLE_MS } from './limits.ts'
import type { RoomHub } from './room-hub.ts'

export class ClubTitle {
  #title: Label | undefined
  #askedMs = Number.NEGATIVE_INFINITY

  /** As it was when it was last asked for; nobody waits for it. */
  get now(): Label | undefined {
    return this.#title
  }

  /** Asks where the last answer is old. A comment is scored meanwhile, which takes longer. */
  refresh(
    { clubs, clock }: Pick<GatewayDeps, 'clubs' | 'clock'>,
    { account, hub: { room, live } }: { account: number; hub: Pick<RoomHub, 'room' | 'live'> },
  ): void {
    const nowMs = clock.now()
    if (nowMs - this.#askedMs < CLUB_TITLE_MS) return
    this.#askedMs = nowMs
    clubs
      .at({ ...room, live })
      .then((club) => clubs.titleOf(club, account))
      .then(
        (title) => {
          this.#title = title
        },
        // Redis does not answer: the next comment asks again, and this one shows what was known.
        () => this.forget(),
      )
  }

  /** The viewer joined or left: the next comment asks. */
  forget(): void {
    this.#askedMs = Number.NEGATIVE_INFINITY
  }
}
