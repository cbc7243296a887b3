/** The element on a page that was there before its script. */

import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

it('keeps what the page set before the script had come', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no service'))
  const early = document.createElement('fanfare-overlay')
  const getTicket = () => 'ticket-1'
  Object.assign(early, { getTicket, shareUrl: 'https://shop.example/live' })
  await import('./element.ts')
  const names = Object.getOwnPropertyNames(document.createElement('fanfare-overlay'))
  expect(names).not.toContain('getTicket')
  expect(names).not.toContain('shareUrl')
  document.body.append(early)
  expect(Reflect.get(early, 'getTicket')).toBe(getTicket)
})

it('begins when it enters a page, with looks that stay inside, and ends when it leaves', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no service'))
  await import('./element.ts')
  const overlay = document.createElement('fanfare-overlay')
  overlay.dataset.url = 'https://points.example/anything'
  document.body.append(overlay)
  await Promise.resolve()
  expect(asked).toHaveBeenCalledWith('https://points.example/v1/config', undefined)
  expect(overlay.shadowRoot?.querySelectorAll('div')).toHaveLength(1)
  expect(document.head.querySelectorAll('style')).toHaveLength(0)
  overlay.remove()
  expect(overlay.shadowRoot?.querySelectorAll('div')).toHaveLength(0)
})

it('[O26] what a page sets again is no reason to begin again', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no service'))
  await import('./element.ts')
  const overlay = document.createElement('fanfare-overlay')
  overlay.dataset.room = 'r1'
  document.body.append(overlay)
  await Promise.resolve()
  overlay.dataset.room = 'r1'
  await Promise.resolve()
  expect(asked).toHaveBeenCalledTimes(1)
  overlay.dataset.room = 'r2'
  await Promise.resolve()
  expect(asked).toHaveBeenCalledTimes(2)
})

it('[O27] what is typed into a field is no shortcut of the page', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no service'))
  await import('./element.ts')
  const overlay = document.createElement('fanfare-overlay')
  document.body.append(overlay)
  await Promise.resolve()
  const heard: string[] = []
  document.body.addEventListener('keydown', ({ key }) => heard.push(key), { once: true })
  const press = (name: string, key: string) => {
    const part = document.createElement(name)
    overlay.shadowRoot?.querySelector('div')?.append(part)
    part.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }))
  }
  press('input', ' ')
  press('button', 'k')
  expect(heard).toEqual(['k'])
})
