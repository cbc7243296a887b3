import { expect, test } from 'vitest'
import { loadScripts, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { playHistory } from './histories-play.testing.ts'

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
    await loadScripts(redis)
  },
  ['--appendonly', 'no'],
)

/** Another range is played with `SEED=20000 HISTORIES=5000`. */
const FROM = Number(process.env.SEED ?? 1)
const HISTORIES = Number(process.env.HISTORIES ?? 500)
/** Failures to show; with one seed each is played again by `SEED=n HISTORIES=1`. */
const SHOWN = 3

test(
  `[S1 S2 S3 S12 000-01] ${HISTORIES} random histories from seed ${FROM} on: scripts and model agree after every step`,
  async () => {
    const failures: string[] = []
    for (let seed = FROM; seed < FROM + HISTORIES && failures.length < SHOWN; seed++) {
      await playHistory(redis, seed).catch((error: unknown) => failures.push(String(error)))
    }
    expect(failures).toEqual([])
  },
  60_000 + HISTORIES * 500,
)
