/** Proofs of draws, for whoever asks: nobody needs a ticket for them, so they must not cost Redis much. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Store } from '../redis/index.ts'
import { readProof } from './results.ts'

/** A draw that is over never changes; its proof may have a line for each of ten thousand viewers. */
const KEPT = 32
/** Read from Redis at once; whoever comes then comes again. */
const READ_AT_ONCE = 2
const AFTER_MS = 1000

type Proof = Awaited<ReturnType<typeof readProof>>

export class Proofs {
  readonly #store: Store
  /** By draw; the one that was asked for longest ago goes. */
  readonly #kept = new Map<string, Proof>()
  readonly #reading = new Map<string, Promise<Proof>>()

  constructor(store: Store) {
    this.#store = store
  }

  /** `not_found` until the draw is over, and 90 days after it; `busy` where others are being read. */
  async read(of: { room: string; game: number }): Promise<Proof | Refusal> {
    const name = `${of.room}.${of.game}`
    const kept = this.#kept.get(name)
    if (kept) {
      this.#kept.delete(name)
      this.#kept.set(name, kept)
      return kept
    }
    const under = this.#reading.get(name)
    if (under) return under
    if (this.#reading.size >= READ_AT_ONCE) return refuse('busy', { afterMs: AFTER_MS })
    const reading = readProof(this.#store, of)
    this.#reading.set(name, reading)
    try {
      const proof = await reading
      if (proof.ok) this.#keep(name, proof)
      return proof
    } finally {
      this.#reading.delete(name)
    }
  }

  #keep(name: string, proof: Proof): void {
    this.#kept.set(name, proof)
    if (this.#kept.size <= KEPT) return
    const [oldest = ''] = this.#kept.keys()
    this.#kept.delete(oldest)
  }
}
