/** What the journal credited, by command: the server's side of the audit, read from the segments on disk. */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { SERVICE_PROGRAM } from '../processes/service.ts'

/** Names a command of a viewer: account, client session and number. */
export const commandId = (account: string, session: number, seq: number): string =>
  `${account}:${session}:${seq}`

export interface Credit {
  account: string
  session: number
  seq: number
  /** Of all receipts of the command. */
  points: number
  /** Journal entries that name it; each command has one. */
  times: number
}

/** The part of a line of the service's `journal` command that matters here. */
export interface JournalLine {
  entries: {
    /** As people see it. */
    account: string
    /** Nonce of the client session; 0 where a server caused it. */
    session: number
    receipts: { seq: number; points: number }[]
  }[]
}

export function addCredits(to: Map<string, Credit>, { entries }: JournalLine): void {
  for (const { account, session, receipts } of entries) {
    const named = new Set<string>()
    for (const { seq, points } of receipts) {
      // Not a command of a viewer, or paid beside one.
      if (session === 0 || seq === 0) continue
      const id = commandId(account, session, seq)
      const credit = to.get(id) ?? { account, session, seq, points: 0, times: 0 }
      credit.points += points
      if (!named.has(id)) credit.times++
      named.add(id)
      to.set(id, credit)
    }
  }
}

/** Everything that the segments of a data folder hold at this moment. Throws where they cannot be read. */
export async function readCredits(dataDir: string): Promise<Map<string, Credit>> {
  const child = spawn(process.execPath, [SERVICE_PROGRAM, 'journal', '--data', dataDir], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  const credits = new Map<string, Credit>()
  for await (const line of createInterface(child.stdout))
    addCredits(credits, JSON.parse(line) as JournalLine)
  const code = await ended
  if (code !== 0) throw new Error(`the journal in ${dataDir} cannot be read (${code})`)
  return credits
}
