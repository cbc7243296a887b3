/** The loader and the frame talk to each other and to nobody else. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ManualRuntime, settle } from '../client/testing.ts'
import { askParent, type Frame } from '../overlay/frame.ts'
import { FRAME_HELLO_MS, FRAME_TICKET_MS } from '../overlay/limits.ts'
import { load } from './loader.ts'

const HOME = 'https://points.example'
const SHOP = 'https://shop.example'

beforeEach(() => {
  // The document of these tests loads no frames, and says so.
  vi.spyOn(console, 'error').mockReturnValue()
  document.body.innerHTML = '<main><div id="box"></div></main>'
})
afterEach(() => {
  vi.restoreAllMocks()
  Reflect.deleteProperty(window, 'shopTicket')
})

/** A frame whose window records what it is sent. */
function loaded(attributes: Record<string, string>) {
  const script = document.createElement('script')
  script.type = 'text/plain'
  script.setAttribute('src', `${HOME}/embed.js`)
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value)
  document.querySelector('main')?.append(script)
  const sent: { message: unknown; origin: string }[] = []
  const inside = {
    postMessage: (message: unknown, origin: string) => sent.push({ message, origin }),
  }
  const set = vi.spyOn(HTMLIFrameElement.prototype, 'src', 'set').mockReturnValue()
  const frame = load(window, script)
  Object.defineProperty(frame, 'contentWindow', { value: inside })
  const hear = async (data: unknown, { origin = HOME, source = inside as unknown } = {}) => {
    const event = new Event('message')
    Object.assign(event, { data, origin, source })
    window.dispatchEvent(event)
    await settle()
  }
  return { frame, sent, hear, url: new URL(String(set.mock.calls[0]?.[0])) }
}

it('takes the origin from its own address and puts only the four parameters into the frame', () => {
  const { frame, url } = loaded({
    'data-room': 'demo',
    'data-lang': 'en',
    'data-head': '92',
    'data-ticket-url': '/my/ticket',
  })
  expect(url.href).toBe(`${HOME}/overlay?room=demo&lang=en&head=92`)
  expect(frame.parentElement?.tagName).toBe('MAIN')
  expect(loaded({ 'data-target': '#box' }).frame.parentElement?.id).toBe('box')
})

it('[O12 C49] says hello to the origin of the frame and no other', () => {
  const { frame, sent } = loaded({})
  frame.dispatchEvent(new Event('load'))
  expect(sent).toEqual([
    {
      message: { fanfare: 'hello', tickets: false, shareUrl: location.href, look: {} },
      origin: HOME,
    },
  ])
})

it('[O12 C49] hands a ticket to its own frame only', async () => {
  Object.assign(window, { shopTicket: async () => 'ticket-1' })
  const { sent, hear } = loaded({ 'data-get-ticket': 'shopTicket' })
  const question = { fanfare: 'ticket', id: 7 }
  await hear(question, { origin: 'https://evil.example' })
  await hear(question, { source: { postMessage() {} } })
  await hear(question, { source: null })
  for (const junk of [null, 'ticket', 7, {}, { fanfare: 'ticket' }, { fanfare: 'ticket', id: '7' }])
    await hear(junk)
  expect(sent).toEqual([])
  await hear(question)
  expect(sent).toEqual([
    { message: { fanfare: 'ticket', id: 7, ticket: 'ticket-1' }, origin: HOME },
  ])
})

it('asks the ticket address with the cookies of the page', async () => {
  const fetched = vi
    .spyOn(globalThis, 'fetch')
    .mockResolvedValue(new Response('{"ticket":"ticket-2"}'))
  const { sent, hear } = loaded({ 'data-ticket-url': '/my/ticket' })
  await hear({ fanfare: 'ticket', id: 1 })
  await settle()
  expect(fetched).toHaveBeenCalledWith('/my/ticket', { credentials: 'include', cache: 'no-store' })
  expect(sent[0]?.message).toEqual({ fanfare: 'ticket', id: 1, ticket: 'ticket-2' })
})

it.each([
  [() => new Response('no', { status: 404 }), '/my/ticket answered 404'],
  [() => new Response('{"token":"ticket-2"}'), '/my/ticket answered no ticket'],
])('[O23] says in the console of the page why there is no ticket', async (answer, why) => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue()
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(answer())
  const { sent, hear } = loaded({ 'data-ticket-url': '/my/ticket' })
  await hear({ fanfare: 'ticket', id: 1 })
  await settle()
  expect(warned).toHaveBeenCalledWith('Fanfare waits:', why)
  expect(sent).toEqual([])
})

/** The frame's end, with a parent that records. */
function framed() {
  const sent: { message: unknown; origin: string }[] = []
  const parent = {
    postMessage: (message: unknown, origin: string) => sent.push({ message, origin }),
  }
  let listener: (event: MessageEvent<unknown>) => void = () => {}
  const frame: Frame = {
    parent: parent as unknown as Frame['parent'],
    addEventListener: (_, hear) => {
      listener = hear
    },
  }
  const runtime = new ManualRuntime()
  const asked = askParent(frame, (ms, run) => runtime.after(ms, run))
  const hear = (data: unknown, { origin = SHOP, source = parent as unknown } = {}) =>
    listener({ data, origin, source } as MessageEvent<unknown>)
  return { sent, hear, asked, runtime }
}
const hello = { fanfare: 'hello', tickets: true, shareUrl: `${SHOP}/live` }

it('[O12 C49] the frame hears nobody but its parent, and from then on one origin', async () => {
  const { sent, hear, asked } = framed()
  hear({ ...hello, shareUrl: 'https://evil.example' }, { source: {} })
  hear({ fanfare: 'ticket', id: 1, ticket: 'early' })
  hear(hello)
  const parent = await asked
  expect(parent?.shareUrl).toBe(`${SHOP}/live`)
  const ticket = parent?.getTicket?.()
  expect(sent).toEqual([{ message: { fanfare: 'ticket', id: 1 }, origin: SHOP }])
  hear({ fanfare: 'ticket', id: 1, ticket: 'forged' }, { origin: 'https://evil.example' })
  hear({ fanfare: 'ticket', id: 1, ticket: 'forged' }, { source: {} })
  hear({ fanfare: 'ticket', id: 2, ticket: 'other' })
  hear({ fanfare: 'ticket', id: 1, ticket: 'right' })
  expect(await ticket).toBe('right')
})

it('[O12 C49] a parent cannot make the frame share a script', async () => {
  const { hear, asked } = framed()
  hear({ ...hello, shareUrl: 'javascript:alert(1)' })
  expect((await asked)?.shareUrl).toBeUndefined()
})

it('[O25 C49] a parent gives a look: known properties that load nothing', async () => {
  const { hear, asked } = framed()
  const good = { '--ff-accent': '#e2231a', '--ff-font': '"Shop Sans", sans-serif' }
  const bad = {
    '--ff-fg': 'url(https://evil.example/?seen)',
    '--ff-line': 'image-set("https://evil.example/1" 1x)',
    '--ff-glass': '\\75rl(https://evil.example)',
    '--ff-plate': 'red; position: fixed',
    '--ff-raised': 'x'.repeat(201),
    '--ff-surface': 7,
    '--ff-z-base': '9',
    position: 'fixed',
  }
  hear({ ...hello, look: { ...bad, ...good } })
  expect((await asked)?.look).toEqual(good)
  for (const look of [undefined, null, 7, 'red', ['--ff-fg']]) {
    const other = framed()
    other.hear({ ...hello, look })
    expect((await other.asked)?.look).toEqual({})
  }
})

it('goes on alone where nobody says hello, and gives up a ticket that does not come', async () => {
  const alone = framed()
  alone.runtime.advance(FRAME_HELLO_MS)
  expect(await alone.asked).toBeUndefined()
  const late = framed()
  late.hear(hello)
  const ticket = (await late.asked)?.getTicket?.()
  late.runtime.advance(FRAME_TICKET_MS)
  await expect(ticket).rejects.toThrow('no ticket')
})
