import { beforeEach, describe, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  checkRulebook,
  currentRulebook,
  discardDraft,
  ensureRulebook,
  listRulebooks,
  nextRuleNumber,
  publishDraft,
  publishRulebook,
  readDraft,
  rulebookVersion,
  saveDraft,
} from './index.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  await ensureRulebook(redis)
})

const live = Rulebook.parse(PRESETS.live)
const paying = (points: number) => {
  const book = structuredClone(live)
  Object.assign(book.earn[0] ?? {}, { points })
  return book
}

async function saved(book: unknown, { by = 'zhou', revision = 0, basis = 1 } = {}) {
  const answer = await saveDraft(redis, { revision, by, basis, book })
  if (!answer.ok) throw new Error(answer.code)
  return answer.revision
}
const publish = (revision: number, { by = 'zhou', review = false } = {}) =>
  publishDraft(redis, { revision, by, note: 'likes', review })

describe('a draft', () => {
  test('[G16 001-33] it is kept as it was sent, fitting or not, and holds for nothing', async () => {
    expect(await readDraft(redis)).toBeUndefined()
    const revision = await saved({ earn: 'soon' })
    expect(await readDraft(redis)).toMatchObject({
      revision,
      by: 'zhou',
      basis: 1,
      book: { earn: 'soon' },
    })
    expect(await currentRulebook(redis)).toMatchObject({ version: 1, book: live })
    expect(await publish(revision)).toMatchObject({ ok: false, code: 'rulebook_invalid' })
    expect((await readDraft(redis))?.revision).toBe(revision)
  })

  test('[G16] who has not seen the last change changes nothing', async () => {
    const first = await saved(paying(2))
    const second = await saved(paying(3), { by: 'chen', revision: first })
    const late = { revision: first, by: 'zhou', basis: 1, book: paying(9) }
    expect(await saveDraft(redis, late)).toMatchObject({ ok: false, code: 'draft_changed' })
    expect(await saveDraft(redis, { ...late, revision: 0 })).toMatchObject({
      code: 'draft_changed',
    })
    expect(await discardDraft(redis, first)).toMatchObject({ code: 'draft_changed' })
    expect(await publish(first)).toMatchObject({ code: 'draft_changed' })
    expect(await readDraft(redis)).toMatchObject({ by: 'chen', book: paying(3) })
    await discardDraft(redis, second)
    expect(await readDraft(redis)).toBeUndefined()
  })

  test('[G16] of many who change it at once one does, and no revision comes twice', async () => {
    const seen = new Set<number>()
    let revision = 0
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          saveDraft(redis, { revision, by: `o${i}`, basis: 1, book: { round, i } }),
        ),
      )
      const done = answers.flatMap((answer) => (answer.ok ? [answer.revision] : []))
      expect(done).toHaveLength(1)
      revision = done[0] ?? 0
      expect(seen.has(revision)).toBe(false)
      seen.add(revision)
      if (round % 3 === 2) {
        await discardDraft(redis, revision)
        revision = 0
      }
    }
  })

  test('[G17 001-33] what is published is what was seen; the draft ends with it', async () => {
    const revision = await saved(paying(2))
    const published = await publish(revision)
    expect(published).toMatchObject({
      ok: true,
      published: { version: 2, by: 'zhou', book: { ...paying(2), note: 'likes' } },
    })
    expect(await readDraft(redis)).toBeUndefined()
    expect(await rulebookVersion(redis, 2)).not.toHaveProperty('draftedBy')
    expect(await publish(revision)).toMatchObject({ code: 'draft_changed' })
    expect((await currentRulebook(redis))?.version).toBe(2)
  })

  test('[G17] of a draft that changes while it is published nothing is published', async () => {
    const first = await saved(paying(2))
    await saved(paying(3), { by: 'chen', revision: first })
    const seen = { book: paying(2), by: 'zhou', draft: { revision: first, by: 'zhou' } }
    expect(await publishRulebook(redis, seen)).toMatchObject({ code: 'draft_changed' })
    expect(await readDraft(redis)).toMatchObject({ by: 'chen', book: paying(3) })
    expect((await currentRulebook(redis))?.version).toBe(1)
  })

  test('[G17] a version that came between is not undone by accident', async () => {
    const revision = await saved(paying(2))
    await publishRulebook(redis, { book: paying(5), by: 'server' })
    expect(await publish(revision)).toMatchObject({ ok: false, code: 'rulebook_moved' })
    expect(await currentRulebook(redis)).toMatchObject({ version: 2, book: paying(5) })
    const again = await saved(paying(2), { revision, basis: 2 })
    expect(await publish(again)).toMatchObject({ ok: true, published: { version: 3 } })
  })

  test('[G18] where rules are reviewed, who changed it last does not publish it', async () => {
    const first = await saved(paying(2))
    expect(await publish(first, { review: true })).toMatchObject({ code: 'review_needed' })
    const second = await saved(paying(3), { by: 'chen', revision: first })
    expect(await publish(second, { by: 'chen', review: true })).toMatchObject({
      code: 'review_needed',
    })
    expect((await currentRulebook(redis))?.version).toBe(1)
    expect(await publish(second, { review: true })).toMatchObject({ ok: true })
    expect(await rulebookVersion(redis, 2)).toMatchObject({ by: 'zhou', draftedBy: 'chen' })
    expect((await listRulebooks(redis))[0]).toMatchObject({ by: 'zhou', draftedBy: 'chen' })
  })
})

test('[G19 001-33] every field that does not fit is named at once, in both languages', () => {
  const book = structuredClone(live) as unknown as Record<string, unknown> & typeof live
  Object.assign(book.earn[0] ?? {}, { points: -1, growth: 0.00001 })
  Object.assign(book.earn[1]?.caps ?? {}, { perDay: 1.5 })
  Object.assign(book.heat.levels[2] ?? {}, { label: { zh: '', en: 'Warm' } })
  Object.assign(book.wallet, { expiry: { kind: 'rolling' }, colour: 'red' })
  book.timeZone = 'Mars/Olympus'
  const { problems } = checkRulebook(book)
  expect(problems.map(({ field, text }) => [field, text.en])).toEqual([
    ['timeZone', 'No such time zone; for example Asia/Shanghai'],
    ['wallet.expiry.months', 'Missing'],
    ['wallet.colour', 'There is no such field here'],
    ['earn.0.points', 'At least 0'],
    ['earn.0.growth', 'At most three decimals'],
    ['earn.1.caps.perDay', 'A whole number'],
    ['heat.levels.2.label.zh', 'Missing'],
  ])
  for (const { text } of problems) expect(text.zh).toMatch(/^[^A-Za-z]*(：Asia\/Shanghai)?$/)
})

test('[G19] no condition of the schema is told in English only', () => {
  const rungs = live.ladder.rungs.map((rung) => ({ ...rung, growth: 5 }))
  const spoilt: [unknown, string][] = [
    [{ ...live, ladder: { ...live.ladder, rungs } }, 'ladder.rungs'],
    [{ ...live, earn: [live.earn[0], live.earn[0]] }, 'earn.1'],
    [{ ...live, earn: live.earn.map((r) => ({ ...r, goal: undefined })) }, 'earn.3.goal'],
    [{ ...live, invite: { due: ['orders', 'orders'], points: 1 } }, 'invite.due'],
    [{ ...live, heat: { ...live.heat, levels: live.heat.levels.slice(1) } }, 'heat.levels.0.from'],
  ]
  for (const [book, field] of spoilt) {
    const { problems } = checkRulebook(book)
    expect(problems.map((problem) => problem.field)).toContain(field)
    for (const { text } of problems) {
      expect(text.zh).not.toContain('不合规则')
      expect(text.en).not.toMatch(/[_{}]/)
    }
  }
})

test('[G5 001-33] the number for a new rule was never one of another', async () => {
  const book = structuredClone(live)
  book.earn.push({ ...book.earn[0], id: 'tap', no: 42 } as (typeof book.earn)[number])
  await publishRulebook(redis, { book, by: 'zhou' })
  await publishRulebook(redis, { book: live, by: 'zhou' })
  expect(await nextRuleNumber(redis)).toBe(43)
})
