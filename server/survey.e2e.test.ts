/** What viewers answer over their sockets is what an operator reads. */

import { expect, test } from 'vitest'
import { askSocket } from './merchant.testing.ts'
import { useService } from './use-service.testing.ts'

const service = useService()

async function come(viewer: string) {
  const { socket } = await service.enter({ viewer, room: 'demo' })
  return {
    asked: async () => (await askSocket<{ asked: boolean }>(socket, 'survey.read', {})).asked,
    answer: (score: unknown) => askSocket(socket, 'survey.answer', { score }),
    leave: () => socket.close(),
  }
}

/** Without a survey nobody is asked, as in every rulebook but the demo's. */
async function ask(survey?: object) {
  const { book } = await service.call<{ book: { economy: object } }>('/v1/rulebook')
  const { survey: _, ...others } = book.economy as { survey?: object }
  const economy = { ...others, ...(survey && { survey }) }
  return service.call('/v1/rulebook', { body: { book: { ...book, economy } } })
}
const read = () => service.call('/v1/economy/survey')

test('[EC12 EC13 EC14 003-43] viewers are asked once the rule says so, answer over their sockets, and the operator has the score', async () => {
  const [ann, bob, cid, dan] = await Promise.all(['ann', 'bob', 'cid', 'dan'].map(come))
  if (!ann || !bob || !cid || !dan) throw new Error('not all came')
  await ask()
  const asked = (yes: boolean) =>
    expect.poll(ann.asked, { timeout: 20_000, interval: 3500 }).toBe(yes)
  await asked(false)
  expect(await ann.answer(10)).toMatchObject({ ok: false, code: 'not_found' })
  expect(await read()).toEqual({ ok: true, asking: false, months: [] })

  expect(await ask({ everyDays: 7 })).toMatchObject({ ok: false, code: 'rulebook_invalid' })
  expect(await ask({ ofHundred: 100, afterDays: 0 })).toMatchObject({ ok: true })
  await asked(true)
  expect(await ann.answer(11)).toMatchObject({ ok: false, code: 'bad_request', field: 'score' })
  expect(await ann.answer(4)).toEqual({ ok: true })
  expect(await ann.answer(10)).toEqual({ ok: true })
  expect(await bob.answer(9)).toEqual({ ok: true })
  expect(await cid.answer(2)).toEqual({ ok: true })
  expect(await dan.answer(null)).toEqual({ ok: true })
  expect([await ann.asked(), await dan.asked()]).toEqual([false, false])

  const scores = { answers: 3, promoters: 2, detractors: 1, score: 33 }
  expect(await read()).toEqual({
    ok: true,
    asking: true,
    months: [
      {
        ...{ month: expect.stringMatching(/^\d{4}-\d{2}$/), ...scores },
        rungs: [{ rung: 0, ...scores }],
      },
    ],
  })
  await service.call('/v1/accounts/cid', { method: 'DELETE' })
  expect(await read()).toMatchObject({ months: [scores] })
  for (const one of [ann, bob, cid, dan]) one.leave()
})
