/** What a room's hosts are shown beyond what everybody is: who did what, the last comments, and what viewers bought. */

import type { HostPlay } from '../../shared/effects.ts'
import type { HostPulse } from '../../shared/protocol/index.ts'
import type { CommentLine, RoomState } from '../../shared/room-state.ts'
import { type PulseResult, toHostPulse } from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'

/** A host who attaches late is shown this many of the last comments. */
const COMMENTS_KEPT = 50

const NO_PLAY: HostPlay = {
  asks: [],
  draws: [],
  votes: [],
  tips: { given: 0, toHost: 0, burned: 0 },
}

export class HostPicture {
  readonly #deps: Pick<GatewayDeps, 'effects' | 'log'>
  readonly #room: string
  #comments: CommentLine[] = []
  #play = NO_PLAY
  #reading = false

  constructor(deps: Pick<GatewayDeps, 'effects' | 'log'>, room: string) {
    this.#deps = deps
    this.#room = room
  }

  keep({ comments }: PulseResult): void {
    this.#comments = [...this.#comments, ...comments].slice(-COMMENTS_KEPT)
  }

  /** Reads what viewers bought; where that is under way or fails, what was read last stays. */
  async readPlay(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      this.#play = await this.#deps.effects.readHost(this.#room)
    } catch (error) {
      this.#deps.log.warn({ err: error, room: this.#room }, 'what viewers bought is not read')
    } finally {
      this.#reading = false
    }
  }

  pulse(result: PulseResult, board: RoomState['board'] = []): HostPulse {
    return { ...toHostPulse(result, board), play: this.#play }
  }

  /** What a host sees first. */
  snapshot(result: PulseResult, board?: RoomState['board']): HostPulse {
    return { ...this.pulse(result, board), comments: this.#comments }
  }
}
