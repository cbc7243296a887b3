/** `npm run ticket`: a ticket for trying things, and the page to try it on. */

import { parseArgs } from 'node:util'
import { isId } from '../../shared/ids.ts'
import { randomId } from '../kernel/index.ts'
import type { BrandKey } from './secrets.ts'
import { ticketKeys } from './secrets.ts'
import { CONSOLE_ROOM, issueTicket, ROLES } from './ticket.ts'

export interface TicketCommandConfig {
  tickets: readonly BrandKey[]
  /** Origin of the pages. */
  pages: string
  nowMs: number
}

const USAGE = `npm run ticket -- --room ROOM [--role ${ROLES.join('|')}] [--viewer ID] [--name NAME] [--brand BRAND]; --role operator needs no room`
const PAGES = {
  viewer: '/overlay',
  host: '/host',
  stage: '/stage',
  operator: '/operator',
} as const

/** The text to print and the code to exit with: 2 where the arguments are wrong. */
export async function ticketCommand(
  argv: readonly string[],
  { tickets, pages, nowMs }: TicketCommandConfig,
): Promise<{ text: string; code: 0 | 2 }> {
  const wrong = (why: string) => ({ text: `${why}\nusage: ${USAGE}`, code: 2 as const })
  let given: { room?: string; role?: string; viewer?: string; name?: string; brand?: string }
  try {
    const option = { type: 'string' } as const
    given = parseArgs({
      args: [...argv],
      options: { room: option, role: option, viewer: option, name: option, brand: option },
    }).values
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
  const { viewer = `cli-${randomId(6)}`, brand = tickets[0]?.brand ?? '' } = given
  const role = ROLES.find((r) => r === (given.role ?? 'viewer'))
  const room = given.room ?? (role === 'operator' ? CONSOLE_ROOM : '')
  if (!isId(room)) return wrong('--room is needed: letters, digits, _ and -, at most 64')
  if (!isId(viewer)) return wrong('--viewer takes letters, digits, _ and -, at most 64')
  if (!role) return wrong(`--role is one of ${ROLES.join(', ')}`)
  const keys = ticketKeys(tickets)
  const ticket = await issueTicket(keys, {
    viewer,
    room,
    brand,
    role,
    name: given.name ?? viewer,
    nowMs,
  })
  if (!ticket) return wrong(`no secret that signs for brand ${brand}`)
  const lines = [ticket, '', `${pages}${PAGES[role]}#ticket=${ticket}`, '', 'good for 5 minutes']
  return { text: lines.join('\n'), code: 0 }
}
