import { expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { createLog, must } from '../kernel/index.ts'
import { Arrivals } from './arrivals.ts'

/** What is asked of others when an owner of an entrance, of a high rung and with packs, comes into a room. */
async function entering(state: string): Promise<Set<string>> {
  const asked = new Set<string>()
  const book = Rulebook.parse(PRESETS.live)
  const top = book.ladder.rungs.length - 1
  const highest = must(book.ladder.rungs[top], 'a rung')
  highest.privileges.push({ kind: 'newcomer_pack', points: 5 } as never)
  book.greeting = { rung: highest.id }
  const note =
    <T>(what: string, answer: T) =>
    async () => {
      asked.add(what)
      return answer
    }
  const arrivals = new Arrivals(
    {
      rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
      clock: { now: () => 0, after: (_ms: number, run: () => void) => run() },
      log: createLog('silent', 'test'),
      store: { sendCommand: note('greeting', Buffer.alloc(0)) },
      gate: { store: { mget: async () => [null] }, partitions: { slotOf: () => '{p0}' } },
      targeting: { factor: note('factor', 1) },
      packs: { arrived: note('packs', []) },
      effects: {
        ownership: note('ownership', { entrance: { value: 'gold' } }),
        tellEntrances: note('entrance', { told: 0 }),
      },
    } as never,
    () => undefined,
    () => undefined,
  )
  await arrivals.entered({
    ...{ account: 7, handle: 'v7', rung: top, boost: 0, owned: { entrance: { value: 'gold' } } },
    connection: { claims: { name: 'Ann', optOut: false } },
    hub: { state, room: { id: 'r1', brandNo: 1 } },
  } as never)
  return asked
}

test('[E8] only in an open room is an entrance shown, the host asked to greet and a pack delivered; what is owned is read in any', async () => {
  const open = await entering('open')
  expect(open).toEqual(new Set(['factor', 'ownership', 'packs', 'greeting', 'entrance']))
  for (const state of ['ending', 'ended'])
    expect(await entering(state), state).toEqual(new Set(['factor', 'ownership']))
})
