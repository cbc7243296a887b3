/**
 * Somebody who hears what a whole room is told. A send costs the kernel far more than the bytes in it, so whoever
 * waits for an answer gets such frames along with it.
 */

/** No frame waits longer than this for an answer that does not come. */
export const RIDE_MS_MAX = 250

export abstract class Rider {
  /** Something was asked since the last frame was sent, so an answer is on its way. */
  isWaiting = false
  #owed: readonly Uint8Array[] | undefined

  /** Sends what is owed, then these, in one piece. */
  abstract hear(frames: readonly Uint8Array[]): void

  /** The next frame takes these along. */
  owe(frames: readonly Uint8Array[]): void {
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
    this.isWaiting = false
    return owed
  }
}
