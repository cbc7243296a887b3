/** What the demo page asks of the service. */

import type { Lang } from '../ui/lang.ts'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

type Fields = Record<string, unknown>

async function fieldsOf(response: Response): Promise<Fields> {
  const body: unknown = response.ok ? await response.json() : undefined
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** True where the service has a demo. Throws where it does not answer yet. */
export async function hasDemo(get: Fetch): Promise<boolean> {
  const { gatewayUrl, demo } = await fieldsOf(await get('/v1/config'))
  if (typeof gatewayUrl !== 'string') throw new Error('The service is not there yet.')
  return demo === true
}

export interface DemoTicket {
  ticket: string
  /** Comes back to the same account. */
  viewer: string
}

/** A ticket for the demo room. Throws where the service gives none. */
export async function demoTicket(
  get: Fetch,
  who: { name: string; viewer?: string | undefined },
): Promise<DemoTicket> {
  const { name, viewer } = who
  const asked = { room: 'demo', role: 'viewer', name, ...(viewer && { viewer }) }
  const given = await fieldsOf(await get('/v1/demo/ticket', post(asked)))
  if (typeof given.ticket === 'string' && typeof given.viewer === 'string')
    return { ticket: given.ticket, viewer: given.viewer }
  throw new Error('No demo ticket.')
}

export interface Crowd {
  size: number
  max: number
}

/** Undefined where there are no bots to be had. */
async function crowdIn(answer: Promise<Response>): Promise<Crowd | undefined> {
  const { size, max } = await fieldsOf(await answer)
  return typeof size === 'number' && typeof max === 'number' ? { size, max } : undefined
}

export const readCrowd = (get: Fetch): Promise<Crowd | undefined> => crowdIn(get('/v1/demo/crowd'))

export const resizeCrowd = (get: Fetch, size: number): Promise<Crowd | undefined> =>
  crowdIn(get('/v1/demo/crowd', post({ size })))

/** Address of the stage with a key of its own; the key stands in the fragment, which no log sees. */
export async function stageAddress(get: Fetch): Promise<string> {
  const { key } = await fieldsOf(await get('/v1/demo/stage-key', post({})))
  if (typeof key !== 'string') throw new Error('No stage key.')
  return `/stage#k=${encodeURIComponent(key)}`
}

/** Points to begin with; how many. Throws where the service gives none. */
export async function takeWelcome(get: Fetch, viewer: string, lang: Lang): Promise<number> {
  const { points } = await fieldsOf(await get('/v1/demo/welcome', post({ viewer, lang })))
  if (typeof points !== 'number') throw new Error('No points to begin with.')
  return points
}

export interface Order {
  viewer: string
  /** A repeat is the same order. */
  order: string
  amountFen: number
}

/** True where the order was taken. */
export async function buy(get: Fetch, order: Order): Promise<boolean> {
  const { ok } = await fieldsOf(await get('/v1/demo/purchase', post(order)))
  return ok === true
}

/** Address of the clerk's page with a key of its own; the key stands in the fragment, which no log sees. */
export async function clerkAddress(get: Fetch, lang: string): Promise<string> {
  const { key } = await fieldsOf(await get('/v1/demo/clerk-key', post({})))
  if (typeof key !== 'string') throw new Error('No key of the clerk.')
  return `/clerk#k=${encodeURIComponent(key)}&lang=${lang}`
}
