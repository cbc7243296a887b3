/** Replays in the sheet: read when it is looked at, and put away for good. */

import { beforeEach, expect, it } from 'vitest'
import { createReplays } from './Replays.tsx'
import { batch, computed, effect, signal } from './reactive.ts'
import { FakeClient } from './testing.ts'

const replay = (live: number) => ({
  room: 'demo',
  live,
  url: 'https://shop.example/1',
  missed: true,
})
let lives = [7, 6]

class Asked extends FakeClient {
  override async request(name?: string): Promise<never> {
    this.did.push(name ?? '')
    return { ok: true, replays: lives.map(replay) } as never
  }
}

async function looked() {
  const client = new Asked()
  const panel = signal<'today' | undefined>(undefined)
  const reactive = { batch, computed, effect, signal }
  const replays = createReplays({ client, panel, reactive } as unknown as Parameters<
    typeof createReplays
  >[0])
  expect(client.did).toEqual([])
  panel.value = 'today'
  await new Promise((resolve) => setTimeout(resolve))
  expect(client.did).toEqual(['replay.list'])
  return replays
}

beforeEach(() => localStorage.clear())

it('[RP3 001-30] what was put away is not shown again, what comes later is', async () => {
  const first = await looked()
  expect(first.list.value.map(({ live }) => live)).toEqual([7, 6])
  first.putAway()
  expect(first.list.value).toEqual([])
  lives = [8, 7, 6]
  expect((await looked()).list.value.map(({ live }) => live)).toEqual([8])
})
