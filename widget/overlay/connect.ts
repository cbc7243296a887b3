/** Finds the gateway and a ticket for the viewer. */

import { isId } from '../../shared/ids.ts'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface ServiceConfig {
  gatewayUrl: string
  demo: boolean
}

async function fieldsOf(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = response.ok ? await response.json() : undefined
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

/** Throws where the service does not answer as it should. */
export async function readConfig(get: Fetch, api: string): Promise<ServiceConfig> {
  const { gatewayUrl, demo } = await fieldsOf(await get(`${api}/v1/config`))
  if (typeof gatewayUrl !== 'string')
    throw new Error('The service did not say where its gateway is.')
  return { gatewayUrl, demo: demo === true }
}

/** The merchant's backend knows its visitor by cookie. Throws where it gives no ticket. */
export async function ticketFrom(get: Fetch, url: string): Promise<string> {
  const { ticket } = await fieldsOf(await get(url, { credentials: 'include', cache: 'no-store' }))
  if (typeof ticket !== 'string') throw new Error('The ticket address gave no ticket.')
  return ticket
}

export interface DemoVisitor {
  name: string
  room?: string | undefined
  /** To come back to the same account. */
  viewer?: string | undefined
}

/** A ticket for the demo room. Throws where the service gives none. */
export async function demoTicket(
  get: Fetch,
  api: string,
  { name, room, viewer }: DemoVisitor,
): Promise<{ ticket: string; viewer: string }> {
  const response = await get(`${api}/v1/demo/ticket`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      role: 'viewer',
      name,
      ...(room && { room }),
      ...(viewer && isId(viewer) && { viewer }),
    }),
  })
  const answer = await fieldsOf(response)
  if (typeof answer.ticket !== 'string' || typeof answer.viewer !== 'string')
    throw new Error(`No demo ticket: ${response.status}.`)
  return { ticket: answer.ticket, viewer: answer.viewer }
}
