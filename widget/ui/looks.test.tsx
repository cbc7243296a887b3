/** Language and theme of a console from one visit to the next. */

import { afterEach, expect, it, vi } from 'vitest'
import { createLooks, pageTheme } from './looks.ts'

const KEY = 'ff:test:looks'

const visit = (given = {}) =>
  createLooks({
    key: KEY,
    given,
    otherwise: { lang: 'en', theme: pageTheme() },
    storage: () => localStorage,
  })

function systemIs(theme: 'dark' | 'light'): void {
  const matches = (query: string) => query === `(prefers-color-scheme: ${theme})`
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: matches(query) }))
}

afterEach(() => {
  localStorage.clear()
  vi.unstubAllGlobals()
})

it('looks as the system does until somebody chooses, and then as chosen, also where that is the first again', () => {
  systemIs('dark')
  expect(visit().theme.value).toBe('dark')
  systemIs('light')
  const looks = visit()
  expect(document.documentElement.dataset.ffTheme).toBe('light')
  looks.theme.value = 'dark'
  expect(visit().theme.value).toBe('dark')
  looks.theme.value = 'light'
  systemIs('dark')
  expect(visit().theme.value).toBe('light')
})

it('what the address says is kept', () => {
  systemIs('light')
  visit({ lang: 'zh' })
  systemIs('dark')
  expect(visit().lang.value).toBe('zh')
})
