/** The rules that the sheet shows: those of the viewer, and again only when they are others. */

import { expect, it } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import type { Lang } from '../ui/lang.ts'
import { batch, computed, effect, signal } from './reactive.ts'
import { createRules, fetchRules, type Published } from './rules.ts'

const settle = () => new Promise((done) => setTimeout(done))

function open({ version }: { version: number | undefined }) {
  const panel = signal<'rules' | 'today' | undefined>(undefined)
  const lang = signal<Lang>('zh')
  const state = signal({ status: { phase: 'online' }, room: { rulebook: 1 }, beat: 0 })
  const own = { version }
  const service = { knows: undefined as number | undefined, fails: false }
  const read: (number | undefined)[] = []
  const deps = {
    ...{ panel, lang, model: { state }, reactive: { batch, computed, effect, signal } },
    client: {
      request: async () =>
        own.version === undefined ? refuse('busy') : { ok: true, version: own.version },
    },
    async read(_: Lang, asked: number | undefined): Promise<Published> {
      read.push(asked)
      if (service.fails) throw new Error('away')
      return { version: service.knows ?? asked ?? 1, sentences: [], earn: [] }
    },
  }
  const rules = createRules(deps as unknown as Parameters<typeof createRules>[0])
  const look = async (at: 'rules' | 'today' | undefined) => {
    panel.value = at
    await settle()
  }
  const pulse = async (rulebook = state.value.room.rulebook) => {
    state.value = { ...state.value, room: { rulebook }, beat: state.value.beat + 1 }
    await settle()
  }
  return { rules, look, pulse, own, service, read, lang }
}

it('[X16] are those of the own version, and read again when that is another', async () => {
  const { rules, look, pulse, own, read, lang } = open({ version: 2 })
  await pulse()
  expect(read).toEqual([])
  await look('rules')
  await pulse()
  expect(read).toEqual([2])
  await look('today')
  await look(undefined)
  await look('rules')
  expect(read).toEqual([2])
  // The experiment was stopped.
  own.version = 1
  await look(undefined)
  await look('rules')
  expect(read).toEqual([2, 1])
  expect(rules.published.value?.version).toBe(1)
  lang.value = 'en'
  await settle()
  expect(read).toEqual([2, 1, 1])
})

it('[X16] are those in force where the own version cannot be asked', async () => {
  const { look, read } = open({ version: undefined })
  await look('rules')
  expect(read).toEqual([undefined])
})

it('[X16] are asked for again with the next pulse where a process had not heard of them yet', async () => {
  const { rules, look, pulse, own, service, read } = open({ version: 1 })
  await look('rules')
  expect(read).toEqual([1])
  // Published: the room says so, then this gateway knows, then the API.
  await pulse(2)
  expect(read).toEqual([1])
  own.version = 2
  service.knows = 1
  await pulse(2)
  service.knows = undefined
  await pulse(2)
  await pulse(2)
  expect(read).toEqual([1, 2, 2])
  expect(rules.published.value?.version).toBe(2)
})

it('says so where they cannot be read, and tries again', async () => {
  const { rules, look, pulse, service } = open({ version: 1 })
  service.fails = true
  await look('rules')
  expect(rules.failed.value).toBe(true)
  service.fails = false
  await pulse()
  expect([rules.failed.value, rules.published.value?.version]).toEqual([false, 1])
})

it('[X16] are asked for by version', async () => {
  const asked: string[] = []
  const get = async (url: string) => {
    asked.push(url)
    return Response.json({ version: 7, sentences: [], earn: [] })
  }
  expect(await fetchRules(get, 'http://a', { lang: 'en', version: 7 })).toMatchObject({
    version: 7,
  })
  await fetchRules(get, 'http://a', { lang: 'zh', version: undefined })
  expect(asked).toEqual([
    'http://a/v1/rulebook/sentences?lang=en&version=7',
    'http://a/v1/rulebook/sentences?lang=zh',
  ])
})
