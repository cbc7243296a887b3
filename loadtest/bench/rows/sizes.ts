/** What is kept: bytes of Redis, of its append-only file and of the archive for viewers and what they do. */

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { wait } from '../machine.ts'
import { askRedis } from '../redis-cli.ts'
import { openSide } from './acks.ts'
import type { Result, Row, RowRun } from './row.ts'

const VIEWERS = 4000
const QUICK_VIEWERS = 1000
const LIKES = 20
const BURST_MS_MAX = 60_000
const LISTEN_MS = 5000
/** Between two looks at whether the worker has archived all and Redis has let go of it. */
const LOOK_MS = 2000
const LOOKS_MAX = 30
/** Of what Redis holds, between two looks. */
const STILL_SHARE = 0.001

interface Kept {
  redis: number
  file: number
  archive: number
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  )

async function keptBy(port: number, archive: string): Promise<Kept> {
  const info = await askRedis(port, ['INFO'])
  const of = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1])
  return {
    redis: of('used_memory') - of('mem_clients_normal') - of('mem_aof_buffer'),
    file: of('aof_current_size'),
    archive: bytesIn(archive),
  }
}

/** Once nothing changes any more: what was done is archived, and its journal is gone from Redis. */
async function settled(port: number, archive: string): Promise<Kept> {
  let before = await keptBy(port, archive)
  for (let look = 0; look < LOOKS_MAX; look++) {
    await wait(LOOK_MS)
    const now = await keptBy(port, archive)
    const still = Math.abs(now.redis - before.redis) <= before.redis * STILL_SHARE
    if (still && now.archive === before.archive) return now
    before = now
  }
  throw new Error('the worker is still archiving')
}

export const sizes: Row = {
  id: 'sizes',
  what: `bytes kept for ${VIEWERS} viewers and for what they do, and sent to each`,
  async run(run: RowRun): Promise<Result> {
    const { stand, scope, quick, reps } = run
    const viewers = quick ? QUICK_VIEWERS : VIEWERS
    const { port } = (await stand.service()).redis
    const archive = stand.archive
    const values = {
      'Redis, a viewer who came': [] as number[],
      [`Redis, a viewer who liked ${LIKES} times`]: [] as number[],
      'append-only file, a like': [] as number[],
      'archive, a like': [] as number[],
      'pulses, to each viewer a second': [] as number[],
    }
    const [came, liked, file, archived, sent] = Object.values(values)
    for (let rep = 0; rep < reps; rep++) {
      const empty = await settled(port, archive)
      const side = await openSide(run, {
        served: await stand.gateway(scope),
        speech: 'fanfare',
        tickets: stand.tickets(stand.viewers(`sizes-${rep}`, viewers)),
      })
      const full = await settled(port, archive)
      came?.push((full.redis - empty.redis) / viewers)
      const turn = { turns: LIKES, eventsPerTurn: 1, count: 1 }
      const { turns, refused } = await side.generator.ask('burst', { ...turn, msMax: BURST_MS_MAX })
      const { bytes } = await side.generator.ask('listen', { ms: LISTEN_MS })
      sent?.push(bytes / viewers / (LISTEN_MS / 1000))
      const done = await settled(port, archive)
      liked?.push((done.redis - empty.redis) / viewers)
      file?.push((done.file - full.file) / (turns - refused))
      archived?.push((done.archive - full.archive) / (turns - refused))
    }
    return {
      series: Object.entries(values).map(([of, series]) => ({ of, values: series })),
      unit: 'bytes',
      goals: [],
      notes: [
        'All viewers are new; measured once the worker has archived what was done and Redis has let go of its journal.',
        'What Redis holds is `used_memory` without its clients; histories, targeting and boards are in it. Pulses carry heat and board, no comments.',
      ],
    }
  },
}
