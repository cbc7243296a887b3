/** Effects as the edges use them: one instance, made in server/app/parts.ts. */

import type { EffectsView, HostPlay, Offers } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { parseAccount } from '../../shared/ids.ts'
import type { InputOf } from '../../shared/protocol/index.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import {
  approveBroadcast,
  askBroadcast,
  broadcastState,
  readAsks,
  rejectBroadcast,
} from './broadcasts.ts'
import { Captures } from './captures.ts'
import type { Buyer, EffectsDeps, SellingDeps } from './deps.ts'
import { drawView, openDraw } from './draws.ts'
import { enterGame, tierLack } from './enter.ts'
import { type Arrival, tellEntrances } from './entrances.ts'
import { readGames, readMine } from './game.ts'
import { gameKeysOf } from './keys.ts'
import type { Part } from './owed.ts'
import { buyBoost, buyThing, ownershipOf } from './owned.ts'
import { Proofs } from './proofs.ts'
import { lapseAsks, type OverdueHold, settleHold } from './settle.ts'
import { closeGame } from './stop-game.ts'
import { giveTip, readTips } from './tips.ts'
import { openVote, voteView } from './votes.ts'

type Buying = InputOf<'effect.buy'>
type Done = { ok: true } | Refusal

export class Effects {
  readonly #deps: SellingDeps
  readonly #proofs: Proofs

  constructor(deps: EffectsDeps) {
    this.#deps = { ...deps, captures: new Captures(deps) }
    this.#proofs = new Proofs(deps.store)
  }

  /** Buys an effect; the text of a broadcast has passed the gate for comments. */
  async buy(
    buyer: Buyer,
    want: Buying,
  ): Promise<{ ok: true; state: 'done' | 'waiting' } | Refusal> {
    const bought = await this.#buy(buyer, want)
    return bought.ok ? { ok: true, state: bought.answer } : bought
  }

  #buy(buyer: Buyer, want: Buying): Promise<{ ok: true; answer: 'done' | 'waiting' } | Refusal> {
    const deps = this.#deps
    switch (want.effect) {
      case 'broadcast':
        return askBroadcast(deps, buyer, want)
      case 'tip':
        return giveTip(deps, buyer, want)
      case 'boost':
        return buyBoost(deps, buyer, want)
      default:
        return buyThing(deps, buyer, want)
    }
  }

  async enterDraw(
    buyer: Buyer,
    { requestId, draw, tickets, free }: InputOf<'draw.enter'>,
  ): Promise<
    | {
        ok: true
        first: number
        prizes: (number | null)[]
        mine: { bought: number; count: number; free: boolean }
      }
    | Refusal
  > {
    const entered = await enterGame(this.#deps, buyer, {
      requestId,
      game: draw,
      count: tickets,
      free,
    })
    if (!entered.ok) return entered
    const { first, prizes, mine } = entered.answer
    return { ok: true, first, prizes: prizes.map((prize) => prize ?? null), mine }
  }

  async castVote(
    buyer: Buyer,
    { requestId, vote, option, votes, free }: InputOf<'vote.cast'>,
  ): Promise<{ ok: true; mine: { bought: number; count: number; free: boolean } } | Refusal> {
    const entered = await enterGame(this.#deps, buyer, {
      requestId,
      game: vote,
      count: votes,
      free,
      option,
    })
    return entered.ok ? { ok: true, mine: entered.answer.mine } : entered
  }

  /** What taking part in a game earns is credited; until then it is owed. */
  async credited({ room, game, handle }: Part & { handle: string }): Promise<void> {
    await this.#deps.store.srem(gameKeysOf(room, game).owed, handle)
  }

  /** What can be bought here, what the viewer owns, and what runs. */
  async list(
    buyer: Buyer,
    { broadcast, boosted }: { broadcast?: string | undefined; boosted: boolean },
  ): Promise<EffectsView> {
    const deps = this.#deps
    const { room, handle, rung } = buyer
    const [owned, games, state] = await Promise.all([
      ownershipOf(deps, { account: buyer.account, rung: rung + (boosted ? 1 : 0) }),
      readGames(deps.store, room),
      broadcast === undefined
        ? undefined
        : broadcastState(deps.store, { room, handle, requestId: broadcast }),
    ])
    const all = await Promise.all(
      games.map(async (game) => ({ game, mine: await readMine(deps, buyer, game) })),
    )
    return {
      ok: true,
      offers: offersOf(deps.rulebook().book, { rung, boosted }),
      owned,
      draws: all
        .filter(({ game }) => game.kind !== 'vote')
        .map(({ game, mine }) => ({
          ...drawView(game),
          mine,
          won: game.wins.filter((win) => win.handle === handle).map(({ prize }) => prize),
          ...lackOf(tierLack(deps, buyer, game)),
        })),
      votes: all
        .filter(({ game }) => game.kind === 'vote')
        .map(({ game, mine }) => ({ ...voteView(game), mine })),
      ...(state && { broadcast: state }),
    }
  }

  /** All that checks a draw which is over; `not_found` before, `busy` where too many others are being read. */
  readProof(of: { room: string; game: number }): ReturnType<Proofs['read']> {
    return this.#proofs.read(of)
  }

  /** What the host sees; without what has waited too long. */
  async readHost(room: string): Promise<HostPlay> {
    const { store, clock, nowMs } = this.#deps
    const [asks, games, tips] = await Promise.all([
      readAsks(store, room),
      readGames(store, room, 2),
      readTips(store, room),
    ])
    const now = nowMs?.() ?? clock.now()
    return {
      asks: asks.filter(({ untilMs }) => untilMs > now),
      draws: games.filter(({ kind }) => kind !== 'vote').map(drawView),
      votes: games.filter(({ kind }) => kind === 'vote').map(voteView),
      tips,
    }
  }

  async approve(room: string, { handle, id }: { handle: string; id: string }): Promise<Done> {
    const account = parseAccount(handle)
    if (account === undefined) return refuse('ask_gone')
    return approveBroadcast(this.#deps, { room, account, handle, id })
  }

  async reject(room: string, { handle, id }: { handle: string; id: string }): Promise<Done> {
    const account = parseAccount(handle)
    if (account === undefined) return refuse('ask_gone')
    return rejectBroadcast(this.#deps, { room, account, handle, id })
  }

  /** Safe mode: the points of everything that waits for the host go back. */
  async silence(room: string): Promise<void> {
    const asks = await readAsks(this.#deps.store, room)
    await lapseAsks(
      this.#deps,
      room,
      asks.flatMap(({ handle, id }) => {
        const account = parseAccount(handle)
        return account === undefined ? [] : [{ account, handle, id }]
      }),
    )
  }

  openDraw(room: string, input: InputOf<'draw.open'>) {
    const prizes = input.prizes.map(({ points, voucher, reward, effect, winners, odds }) => ({
      points,
      voucher,
      ...(reward !== undefined && { reward }),
      ...(effect && { effect }),
      ...(winners !== undefined && { winners }),
      ...(odds !== undefined && { odds }),
    }))
    return openDraw(this.#deps, { room, ...input, prizes })
  }

  openVote(room: string, input: InputOf<'vote.open'>) {
    return openVote(this.#deps, { room, ...input })
  }

  closeGame(room: string, game: number): Promise<Done> {
    return closeGame(this.#deps, { room, game })
  }

  ownership(of: { account: number; rung: number }) {
    return ownershipOf(this.#deps, of)
  }

  tellEntrances(of: { room: string; arrivals: readonly Arrival[] }) {
    return tellEntrances(this.#deps, of)
  }

  /** For the worker: what becomes of a hold whose time is over. */
  settleHold(hold: OverdueHold): Promise<'capture' | 'void' | 'later'> {
    return settleHold(this.#deps, hold)
  }
}

const lackOf = (tier: Refusal['tier'] | undefined) => (tier ? { tier } : {})

/** What the rulebook sells to somebody of that rung. */
function offersOf(
  { effects, ladder }: Rulebook,
  { rung, boosted }: { rung: number; boosted: boolean },
): Offers {
  const { broadcast, colours, entrances, tip, boost } = effects
  const higher = rung + 1 < ladder.rungs.length && !boosted
  return {
    colours,
    entrances,
    ...(broadcast && {
      broadcast: {
        points: broadcast.points,
        chars: broadcast.chars,
        waitSec: broadcast.waitSec,
      },
    }),
    ...(tip && {
      tip: { amounts: tip.amounts, policy: tip.policy, hostShare: tip.hostShare },
    }),
    ...(boost.kind === 'dayPass' && higher && { boost: { points: boost.points, rung: rung + 1 } }),
  }
}
