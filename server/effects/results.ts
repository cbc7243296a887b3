/** The end of draws and votes: who won, paid and told once. The worker drives it through any crash. */

import { boxesWon, type DrawEntry, type DrawProof, type Win, winnersOf } from '../../shared/draw.ts'
import type { Winner } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { parseAccount } from '../../shared/ids.ts'
import type { MomentBody } from '../../shared/room-state.ts'
import { readProfiles } from '../identity/index.ts'
import { type Log, must } from '../kernel/index.ts'
import { defineScript, roomSlot, type Shards, type Store } from '../redis/index.ts'
import { type EffectsDeps, nowOf } from './deps.ts'
import { drawName } from './draws.ts'
import finishSource from './finish-game.lua'
import { type Game, readGame } from './game.ts'
import { gameKeysOf, playingKey, playKeysOf } from './keys.ts'
import { DURABLE_WAIT_MS, GAME_KEPT_MS, GAMES_PER_PASS, WINNERS_SHOWN } from './limits.ts'
import { type CreditPart, settleOwed } from './owed.ts'
import { payPrizes } from './prizes.ts'
import { stopGame } from './stop-game.ts'
import { voteView } from './votes.ts'

const finishScript = defineScript({
  name: 'effects.finish-game',
  source: finishSource,
  keys: ['head', 'moments', 'games', 'past', 'game', 'entries', 'parts', 'owed'],
  args: { now_ms: 'int', number: 'int', result: 'str', body: 'str', kept_ms: 'int' },
  replies: { finished: {}, missing: {} },
})

const ENTRY = /^([^:]+):(\d+):(\d+)$/

async function readEntries(store: Store, room: string, game: number): Promise<DrawEntry[]> {
  const stored = await store.lrange(gameKeysOf(room, game).entries, 0, '-1')
  return stored.flatMap((text) => {
    const [, handle, first, count] = ENTRY.exec(text) ?? []
    return handle === undefined ? [] : [{ handle, first: Number(first), count: Number(count) }]
  })
}

const winnerOf = (handle: string): number => must(parseAccount(handle), 'an account that won')

/** The result as the seed and the tickets have it. */
async function winsOf(store: Store, room: string, game: Game): Promise<Win[]> {
  if (game.kind === 'vote') return []
  const entries = await readEntries(store, room, game.number)
  const of = { draw: drawName(room, game.number), entries, prizes: game.prizes }
  return (game.kind === 'box' ? boxesWon : winnersOf)(game.seed, of)
}

async function momentOf(
  deps: EffectsDeps,
  { game, wins }: { game: Game; wins: readonly Win[] },
): Promise<MomentBody> {
  if (game.kind === 'vote')
    return { kind: 'vote.closed', vote: { ...voteView(game), state: 'closed' } }
  const shown = wins.slice(0, WINNERS_SHOWN)
  const accounts = shown.map(({ handle }) => winnerOf(handle))
  const profiles = await readProfiles(deps, [...new Set(accounts)])
  const winners = shown.map(({ handle, prize }, i): Winner => {
    const profile = profiles.get(accounts[i] ?? 0)
    const name = profile && !profile.optOut ? profile.name : ''
    return { handle, name, prize: must(game.prizes[prize], 'a prize that was won') }
  })
  return {
    kind: 'draw.closed',
    draw: game.number,
    box: game.kind === 'box',
    title: game.title,
    winners,
    others: wins.length - shown.length,
    tickets: game.tickets,
    seed: game.seed,
  }
}

export interface ResultsOptions extends EffectsDeps {
  shards: Shards
  log: Log
  /** What taking part earns. */
  creditPart: CreditPart
}

export interface Results {
  /** Takes every draw and vote whose end has come as far as it gets; answers how many are not done. */
  pass(): Promise<number>
}

export function createResults(options: ResultsOptions): Results {
  const { store, partitions, shards, clock, log } = options

  /** A result that the room forgets must not have been paid: another would be drawn and paid as well. */
  async function certain(room: string, atMs: number): Promise<boolean> {
    const shard = shards.indexOfSlot(roomSlot(room))
    const epoch = shards.epoch(shard)
    for (let waited = 0; waited < DURABLE_WAIT_MS; waited += 50) {
      if (shards.epoch(shard) !== epoch) return false
      if ((shards.durableAt()[shard] ?? 0) >= atMs) return true
      await clock.sleep(50)
    }
    return false
  }

  async function finish(room: string, game: Game): Promise<Win[]> {
    await settleOwed(store, options.creditPart, { room, game })
    const wins = await winsOf(store, room, game)
    await pay(room, game, wins)
    const { head, moments, games, past } = playKeysOf(room)
    await finishScript.run(store, {
      keys: { head, moments, games, past, ...gameKeysOf(room, game.number) },
      args: {
        now_ms: nowOf(options),
        number: game.number,
        result: JSON.stringify(wins),
        body: JSON.stringify(await momentOf(options, { game, wins })),
        kept_ms: GAME_KEPT_MS,
      },
    })
    return wins
  }

  const pay = (room: string, game: Game, wins: readonly Win[]) =>
    payPrizes(options, { room, game: game.number, prizes: game.prizes, wins })

  /** Throws where a winner's master may forget its prize: the room says for ever that it was given. */
  async function last(room: string, wins: readonly Win[]): Promise<void> {
    const slots = new Set(wins.map(({ handle }) => partitions.slotOf(winnerOf(handle))))
    const here = roomSlot(room)
    await Promise.all([...slots].map((slot) => options.certain?.({ slot, with: here })))
  }

  /** True where nothing is left to do. */
  async function advance(room: string, number: number): Promise<boolean> {
    const stopped = await stopGame(options, { room, game: number, atOnce: false })
    if (!stopped) return true
    if (stopped.state === 'open') return false
    if (stopped.state === 'closing' && !(await certain(room, stopped.atMs))) return false
    const game = await readGame(store, room, number)
    if (!game) return true
    const isTold = game.state === 'closed'
    const wins = isTold ? game.wins : await finish(room, game)
    // Perhaps forgotten since, where it was given.
    if (isTold) await pay(room, game, wins)
    await last(room, wins)
    return true
  }

  async function tryToAdvance(member: string): Promise<boolean> {
    const [room = '', number] = member.split(':')
    try {
      if (!(await advance(room, Number(number)))) return false
      await store.zrem(playingKey, member)
      return true
    } catch (error) {
      log.warn({ err: error, room, game: Number(number) }, 'the end of a draw or vote waits')
      return false
    }
  }

  return {
    async pass() {
      const due = await store.zrange(
        playingKey,
        '-inf',
        String(clock.now()),
        'BYSCORE',
        'LIMIT',
        0,
        GAMES_PER_PASS,
      )
      // Side by side: some wait for other masters, and all of them no longer than one.
      const done = await Promise.all(due.map(tryToAdvance))
      return done.filter((isDone) => !isDone).length
    },
  }
}

/** Everything needed to check a draw that is over, for 90 days; before, `not_found`. */
export async function readProof(
  store: Store,
  { room, game: number }: { room: string; game: number },
): Promise<({ ok: true } & DrawProof) | Refusal> {
  const game = await readGame(store, room, number)
  if (game?.state !== 'closed' || game.kind === 'vote') return refuse('not_found')
  return {
    ok: true,
    draw: drawName(room, number),
    box: game.kind === 'box',
    commitment: game.commitment,
    seed: game.seed,
    prizes: game.prizes,
    entries: await readEntries(store, room, number),
    wins: game.wins,
  }
}
