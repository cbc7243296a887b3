/** Tickets for all viewers of a plan, before it begins: getting them is no part of what is measured. */

const AT_ONCE = 20
const ANSWER_MS = 15_000

interface SiteConfig {
  gatewayUrl: string
  demo: boolean
}

/** What a page would ask the service first. Throws where the service does not answer as one. */
export async function readSite(url: string): Promise<SiteConfig> {
  const response = await fetch(new URL('/v1/config', url), {
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((cause: Error) => {
    throw new Error(
      `${url} cannot be reached: ${cause.cause instanceof Error ? cause.cause.message : cause.message}`,
      { cause },
    )
  })
  if (!response.ok) throw new Error(`${url}/v1/config answers ${response.status}`)
  return (await response.json()) as SiteConfig
}

/** One per viewer, of the demo's room; the names tell runs apart. */
export async function demoTickets(
  url: string,
  of: { run: string; viewers: number },
): Promise<string[]> {
  const tickets: string[] = []
  for (let from = 0; from < of.viewers; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, of.viewers - from) }, (_, i) =>
      demoTicket(url, `load-${of.run}-${from + i}`),
    )
    tickets.push(...(await Promise.all(some)))
  }
  return tickets
}

async function demoTicket(url: string, viewer: string): Promise<string> {
  const response = await fetch(new URL('/v1/demo/ticket', url), {
    method: 'POST',
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ viewer, name: viewer.slice(-12) }),
  })
  const answer = (await response.json()) as
    | { ok: true; ticket: string }
    | { ok: false; code: string }
  if (!answer.ok) throw new Error(`no ticket of the demo at ${url}: ${answer.code}`)
  return answer.ticket
}
