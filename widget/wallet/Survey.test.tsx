/** The survey in the history: asked when it is looked at, answered by one tap, thanked for, and asked no more. */

import { render } from 'preact'
import { expect, it } from 'vitest'
import { batch, computed, effect, signal } from '../overlay/reactive.ts'
import { FakeClient } from '../overlay/testing.ts'
import { createSurvey, type SurveyDeps } from './Survey.tsx'

class Asked extends FakeClient {
  answers: unknown[] = []
  readonly replies: Record<string, unknown>
  constructor(asked: boolean, taken: unknown = { ok: true }) {
    super()
    this.replies = { 'survey.read': { ok: true, asked }, 'survey.answer': taken }
  }
  override async request(name = '', body?: unknown): Promise<never> {
    this.did.push(name)
    if (name === 'survey.answer') this.answers.push(body)
    return this.replies[name] as never
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

async function look(client: Asked) {
  const panel = signal<'today' | 'history'>('today')
  const reactive = { batch, computed, effect, signal }
  const Survey = createSurvey({ client, panel, reactive } as unknown as SurveyDeps)
  expect(client.did).toEqual([])
  panel.value = 'history'
  await settled()
  const at = document.createElement('div')
  const draw = () => {
    render(<Survey lang="en" />, at)
    return at
  }
  const press = async (label: string) => {
    const buttons = [...draw().querySelectorAll('button')]
    const button = buttons.find(
      (one) => (one.getAttribute('aria-label') ?? one.textContent) === label,
    )
    if (!button) throw new Error(`no button ${label}`)
    button.click()
    await settled()
  }
  return { panel, draw, press }
}

it('[EC13 003-43] who is asked answers with one tap of eleven, is thanked, and is asked no more', async () => {
  const client = new Asked(true)
  const { panel, draw, press } = await look(client)
  expect(draw().querySelectorAll('fieldset button')).toHaveLength(11)
  await press('9 of 10')
  expect(client.answers).toEqual([{ score: 9 }])
  expect(draw().textContent).toBe('Noted, thank you')
  panel.value = 'today'
  panel.value = 'history'
  await settled()
  expect(client.did).toEqual(['survey.read', 'survey.answer'])
})

it('[EC14] who does not want to be asked is not thanked and not asked', async () => {
  const client = new Asked(true)
  const { draw, press } = await look(client)
  await press('Not now')
  expect(client.answers).toEqual([{ score: null }])
  expect(draw().textContent).toBe('')
})

it('[EC13] who is not asked sees nothing of it', async () => {
  const { draw } = await look(new Asked(false))
  expect(draw().textContent).toBe('')
})

it('[EC14] an answer that did not arrive can be given again', async () => {
  const client = new Asked(true, { ok: false, code: 'busy' })
  const { draw, press } = await look(client)
  await press('0 of 10')
  expect(draw().querySelectorAll('fieldset button')).toHaveLength(11)
  client.replies['survey.answer'] = { ok: true }
  await press('1 of 10')
  expect(client.answers).toEqual([{ score: 0 }, { score: 1 }])
  expect(draw().textContent).toBe('Noted, thank you')
})
