/** The budget of a room's present live on this gateway: each live has its own. */

import type { BudgetPolicy } from '../../shared/rulebook/budget.ts'
import { leaseBudget } from '../governance/index.ts'
import { elapsedMs } from '../kernel/index.ts'
import { roomSlot } from '../redis/index.ts'
import type { GatewayDeps } from './deps.ts'
import { RoomBudget } from './room-budget.ts'

/** A budget that was taken out of the rulebook binds nobody. */
const NO_BUDGET: BudgetPolicy = { points: Number.MAX_SAFE_INTEGER, atCap: 'clamp' }

export class LiveBudget {
  readonly #deps: GatewayDeps
  readonly #room: string
  #live = 0
  #budget: RoomBudget | undefined

  constructor(deps: GatewayDeps, room: string) {
    this.#deps = deps
    this.#room = room
  }

  /** Undefined where the rulebook sets no bound. */
  get now(): RoomBudget | undefined {
    return this.#budget
  }

  /** With each pulse: a lease is asked for as soon as the live or the rulebook brings a budget. */
  pulsed(live: number): void {
    if (!this.#deps.rulebook().book.budget || live === 0) this.#budget = undefined
    else if (!this.#budget || this.#live !== live) this.#budget = this.#open(live)
    this.#live = live
    this.#budget?.tick().catch((error: unknown) => this.#failed(error))
  }

  /** Gives back what is left. */
  async close(): Promise<void> {
    await this.#budget?.close().catch((error: unknown) => this.#failed(error))
  }

  #open(live: number): RoomBudget {
    const { store, shards, number, rulebook } = this.#deps
    const shard = () => shards.indexOfSlot(roomSlot(this.#room))
    return new RoomBudget(
      {
        lease: (ask) => leaseBudget(store, { ...ask, room: this.#room, live, gateway: number }),
        durableAtMs: () => shards.durableAt()[shard()] ?? 0,
        epoch: () => shards.epoch(shard()),
        elapsedMs,
      },
      () => rulebook().book.budget ?? NO_BUDGET,
    )
  }

  #failed(error: unknown): void {
    this.#deps.log.warn({ err: error, room: this.#room }, 'a lease of the budget failed')
  }
}
