/** The host's ticket: from the URL fragment, or in a demo asked from the service; it never stands in a query. */

export interface HostSettings {
  ticket: string | undefined
  name: string | undefined
  theme: 'dark' | 'light' | undefined
  lang: 'zh' | 'en' | undefined
}

/** `#ticket=...&name=...&theme=light&lang=en`. */
export function readFragment(hash: string): HostSettings {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const lang = given.get('lang')
  const theme = given.get('theme')
  return {
    ticket: given.get('ticket') || undefined,
    name: given.get('name') || undefined,
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
    lang: lang === 'zh' || lang === 'en' ? lang : undefined,
  }
}

/** The address as it may stay in sight and in the history of the browser. */
export function withoutTicket(address: string): string {
  const url = new URL(address)
  const given = new URLSearchParams(url.hash.slice(1))
  given.delete('ticket')
  url.hash = given.toString()
  return url.href
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface Config {
  gatewayUrl: string
  demo: boolean
}

/** Throws where the service does not answer as it should. */
export async function readConfig(fetch: Fetch): Promise<Config> {
  const body: unknown = await (await fetch('/v1/config')).json()
  if (
    typeof body === 'object' &&
    body &&
    'gatewayUrl' in body &&
    typeof body.gatewayUrl === 'string'
  )
    return { gatewayUrl: body.gatewayUrl, demo: 'demo' in body && body.demo === true }
  throw new Error('The service did not say where its gateway is.')
}

const posted = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** The string that a reply carries under that name; undefined where it carries none. */
async function stringOf(response: Response, name: string): Promise<string | undefined> {
  const body: unknown = response.ok ? await response.json() : undefined
  const found = typeof body === 'object' && body ? Object.entries(body) : []
  const value: unknown = found.find(([key]) => key === name)?.[1]
  return typeof value === 'string' ? value : undefined
}

/** A stage key of the room that the resume token is for, or else of the demo room; undefined where the service makes none. */
export async function stageKey(
  fetch: Fetch,
  { room, token }: { room: string; token: string | undefined },
): Promise<string | undefined> {
  const response = token
    ? await fetch(
        '/v1/stage-keys',
        posted({ room, label: 'OBS' }, { authorization: `Bearer ${token}` }),
      )
    : await fetch('/v1/demo/stage-key', posted({}))
  return stringOf(response, 'key')
}

/** A ticket for the demo room. Throws where the service gives none. */
export async function demoTicket(fetch: Fetch, name: string): Promise<string> {
  const response = await fetch('/v1/demo/ticket', posted({ room: 'demo', role: 'host', name }))
  const ticket = await stringOf(response, 'ticket')
  if (ticket === undefined) throw new Error(`No demo ticket: ${response.status}.`)
  return ticket
}
