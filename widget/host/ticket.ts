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

/** A ticket for the demo room. Throws where the service gives none. */
export async function demoTicket(fetch: Fetch, name: string): Promise<string> {
  const response = await fetch('/v1/demo/ticket', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ room: 'demo', role: 'host', name }),
  })
  const body: unknown = response.ok ? await response.json() : undefined
  if (typeof body === 'object' && body && 'ticket' in body && typeof body.ticket === 'string')
    return body.ticket
  throw new Error(`No demo ticket: ${response.status}.`)
}
