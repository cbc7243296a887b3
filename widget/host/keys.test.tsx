/** Keys act on the cue only where nothing else wants them. */

import { afterEach, describe, expect, it } from 'vitest'
import { type CueVerb, cueVerb } from './keys.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

function press(key: string, init: KeyboardEventInit = {}, on: Element = document.body) {
  let verb: CueVerb | undefined
  const listen = (event: KeyboardEvent) => {
    verb = cueVerb(event)
  }
  addEventListener('keydown', listen)
  on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }))
  removeEventListener('keydown', listen)
  return verb
}
const element = (html: string): Element => {
  document.body.innerHTML = html
  const found = document.body.querySelector('[data-on]')
  if (!found) throw new Error('no element')
  return found
}

describe('keys', () => {
  it('[001-39] Space announces, H holds, S skips', () => {
    expect(press(' ')).toBe('announce')
    expect(press('h')).toBe('hold')
    expect(press('H')).toBe('hold')
    expect(press('s')).toBe('skip')
    expect(press('x')).toBeUndefined()
  })

  it('[001-39] finds the key where an input method swallows the letter', () => {
    expect(press('Process', { code: 'KeyH' })).toBe('hold')
    expect(press('Process', { code: 'Space' })).toBe('announce')
  })

  it('ignores what repeats, what has a modifier and what is typed', () => {
    expect(press('s', { repeat: true })).toBeUndefined()
    expect(press('s', { ctrlKey: true })).toBeUndefined()
    expect(press('s', { metaKey: true })).toBeUndefined()
    expect(press('s', {}, element('<input data-on>'))).toBeUndefined()
    expect(
      press('h', {}, element('<div contenteditable="true"><b data-on></b></div>')),
    ).toBeUndefined()
    expect(
      press('s', {}, element('<div role="dialog"><button data-on></button></div>')),
    ).toBeUndefined()
  })

  it('leaves Space to a focused button, letters go on', () => {
    const button = element('<button data-on></button>')
    expect(press(' ', {}, button)).toBeUndefined()
    expect(press('h', {}, button)).toBe('hold')
  })
})
