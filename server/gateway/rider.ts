/**
 * Somebody who hears what a whole room is told. A send costs the kernel far more than the bytes in it, so whoever acts
 * gets such frames along with an answer: the one that is on its way, or the next.
 */

/**
 * No frame waits longer than this for an answer that does not come. Somebody who taps on and on sends four times a
 * second (`LIKE_MERGE_MS` of the client), and each answer takes its way.
 */
export const RIDE_MS_MAX = 400

export abstract class Rider {
  /** Something was asked since a frame for the room last came by, so an answer is on its way or the next one soon will be. */
  isActing = false
  #owed: readonly Uint8Array[] | undefined

  /** Whether frames for the whole room need something of this one's own: that it is left out for now, or its order. */
  get isApart(): boolean {
    return this.isActing || this.#owed !== undefined
  }

  /** Sends what is owed, then these, in one piece. */
  abstract hear(frames: readonly Uint8Array[]): void

  /** The next frame takes these along. */
  owe(frames: readonly Uint8Array[]): void {
    this.isActing = false
    this.#owed = this.#owed ? [...this.#owed, ...frames] : frames
  }

  /** Sends what is still owed. */
  settle(): void {
    if (this.#owed) this.hear([])
  }

  /** What a frame that is sent now takes along. */
  protected takeOwed(): readonly Uint8Array[] | undefined {
    const owed = this.#owed
    this.#owed = undefined
    return owed
  }
}
