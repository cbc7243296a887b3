/** The stage key: read from the URL fragment, exchanged for a ticket; it never stands in a query or a log. */

export interface StageSettings {
  key: string | undefined
  theme: 'dark' | 'light'
  lang: 'zh' | 'en' | undefined
}

/** `#k=...&theme=light&lang=en`. */
export function readFragment(hash: string): StageSettings {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const lang = given.get('lang')
  return {
    key: given.get('k') || undefined,
    theme: given.get('theme') === 'light' ? 'light' : 'dark',
    lang: lang === 'zh' || lang === 'en' ? lang : undefined,
  }
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/**
 * A ticket for the key; `refused` where the key is unknown or revoked, so that asking again would not help.
 * Throws where the server cannot answer now: the connection's own back-off asks again.
 */
export async function exchangeKey(
  key: string,
  fetch: Fetch,
): Promise<{ ok: true; ticket: string } | { ok: false; code: 'refused' }> {
  const response = await fetch('/v1/stage/ticket', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  const { status } = response
  if (status >= 400 && status < 500 && status !== 429) return { ok: false, code: 'refused' }
  const body: unknown = response.ok ? await response.json() : undefined
  if (typeof body === 'object' && body && 'ticket' in body && typeof body.ticket === 'string')
    return { ok: true, ticket: body.ticket }
  throw new Error(`The stage key could not be exchanged: ${status}.`)
}
