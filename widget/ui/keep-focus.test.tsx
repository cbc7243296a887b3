/** What a keyboard has in its hand stays there. */

import { type Signal, signal } from '@preact/signals'
import { render } from 'preact'
import { useRef } from 'preact/hooks'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useKeptFocus } from './keep-focus.ts'
import { Press } from './press.tsx'
import { useDialog } from './use-dialog.ts'

function List({ lines }: { lines: Signal<string[]> }) {
  const page = useRef<HTMLDivElement>(null)
  useKeptFocus(page)
  return (
    <div ref={page}>
      <main>
        {lines.value.length > 0 && (
          <section>
            {lines.value.map((line) => (
              <p key={line}>
                <button type="button">{line}</button>
              </p>
            ))}
          </section>
        )}
      </main>
    </div>
  )
}

const noWay = () => {}
function Box({ steps }: { steps: Signal<string[]> }) {
  const dialog = useDialog(noWay)
  return (
    <div ref={dialog} tabIndex={-1}>
      {steps.value.map((step) => (
        <button type="button" key={step}>
          {step}
        </button>
      ))}
    </div>
  )
}

const button = (text: string): HTMLButtonElement => {
  const found = [...document.querySelectorAll('button')].find((one) => one.textContent === text)
  if (!found) throw new Error(`no ${text}`)
  return found
}

/** Does it, and lets renders, effects and then observers run. */
const done = async (work: () => void) => {
  await act(work)
  await Promise.resolve()
}

describe('[OC13] the focus', () => {
  beforeEach(() => document.body.replaceChildren())
  afterEach(() => render(null, document.body))

  it('[OC13] stays on a button that may not be pressed now, and a press does nothing', async () => {
    const pressed = vi.fn()
    const off = signal(false)
    const One = () => (
      <Press off={off.value} onClick={pressed}>
        go
      </Press>
    )
    await done(() => render(<One />, document.body))
    button('go').focus()
    await done(() => {
      off.value = true
    })
    expect(document.activeElement).toBe(button('go'))
    expect(button('go').getAttribute('aria-disabled')).toBe('true')
    button('go').click()
    expect(pressed).not.toHaveBeenCalled()
    await done(() => {
      off.value = false
    })
    button('go').click()
    expect(pressed).toHaveBeenCalledOnce()
  })

  it('[OC13] a form is not sent by a button that may not be pressed now', () => {
    const sent = vi.fn((event: Event) => event.preventDefault())
    render(
      <form onSubmit={sent}>
        <Press type="submit" off={true}>
          send
        </Press>
      </form>,
      document.body,
    )
    button('send').click()
    expect(sent).not.toHaveBeenCalled()
  })

  it('[OC13] goes to the list where its line is removed, and to the page where the list is', async () => {
    const lines = signal(['first', 'second'])
    await done(() => render(<List lines={lines} />, document.body))
    button('first').focus()
    await done(() => {
      lines.value = ['second']
    })
    expect(document.activeElement?.tagName).toBe('SECTION')
    button('second').focus()
    await done(() => {
      lines.value = []
    })
    expect(document.activeElement?.tagName).toBe('MAIN')
  })

  it('[OC13] is not moved by what goes away elsewhere', async () => {
    const lines = signal(['first', 'second'])
    await done(() => render(<List lines={lines} />, document.body))
    button('second').focus()
    await done(() => {
      lines.value = ['second']
    })
    expect(document.activeElement).toBe(button('second'))
  })

  it('[OC13] stays in a dialog also from a part of it that is no stop', async () => {
    await done(() => render(<Box steps={signal(['one', 'two'])} />, document.body))
    const box = button('one').parentElement
    box?.focus()
    const back = new KeyboardEvent('keydown', { key: 'Tab', shiftKey: true, bubbles: true })
    box?.dispatchEvent(back)
    expect(document.activeElement).toBe(button('two'))
  })
})
