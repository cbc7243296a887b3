/** Gives imported points as dated lots: each line once, however often the file is run. */

import type { Pool } from '../../../shared/rulebook/wallet.ts'
import { findAccount, type Registry, resolveAccount } from '../../identity/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { brandNumber, earningNumber, getRoom } from '../../rooms/index.ts'
import type { Wallets } from '../../wallet/index.ts'
import type { PlannedLine } from './plan.ts'

/** Lines under way at the same time. */
const LINES_AT_ONCE = 32
const BUSY_ATTEMPTS = 20
const BUSY_MS = 250

export interface ImportDeps {
  wallets: Pick<Wallets, 'issue'>
  registry: Registry
  clock: Clock
  /** Number of the brand. */
  at: number
  /** Who owes the points: the brand, or who it is for points of one of its rooms. */
  issuer: number
  /** Told what the file gave in all, however often it was run: a liability taken over, which no cap bounds. */
  onTakenOver?: (file: string, points: number) => Promise<void>
}

/** Undefined where the brand has no such room. */
export async function owing(
  store: Store,
  { brand, room, pool }: { brand: string; room: string | undefined; pool: Pool },
): Promise<Pick<ImportDeps, 'at' | 'issuer'> | undefined> {
  const at = await brandNumber(store, brand)
  if (room === undefined) return { at, issuer: at }
  const found = await getRoom(store, room)
  if (found?.brand !== brand) return undefined
  return { at, issuer: await earningNumber(store, found, pool) }
}

export interface Imported {
  /** Given now. */
  lines: number
  points: number
  /** Given by an earlier run of the same file. */
  before: { lines: number; points: number }
  /** Accounts that had to be made. */
  accounts: number
  failed: { line: number; text: string }[]
}

export interface ImportFile {
  brand: string
  /** SHA-256 of the file, hex: with the line it names what is given. */
  hash: string
  lines: readonly PlannedLine[]
}

/** Id of what a line gives: the same for the same file, whenever it is run. */
const idOf = (hash: string, line: number): string => `import-${nameOf(hash)}-${line}`
const nameOf = (hash: string): string => hash.slice(0, 24)

/** Throws where Redis cannot be reached; running it again goes on where it stopped. */
export async function importLines(
  { brand, hash, lines }: ImportFile,
  deps: ImportDeps,
  onProgress: (done: number) => void = () => undefined,
): Promise<Imported> {
  const imported: Imported = {
    lines: 0,
    points: 0,
    before: { lines: 0, points: 0 },
    accounts: 0,
    failed: [],
  }
  let next = 0
  let done = 0
  const one = async (): Promise<void> => {
    for (let line = lines[next++]; line; line = lines[next++]) {
      await give({ brand, hash, line }, deps, imported)
      onProgress(++done)
    }
  }
  try {
    await Promise.all(Array.from({ length: LINES_AT_ONCE }, one))
  } finally {
    await deps.onTakenOver?.(nameOf(hash), imported.points + imported.before.points)
  }
  imported.failed.sort((a, b) => a.line - b.line)
  return imported
}

async function give(
  { brand, hash, line }: { brand: string; hash: string; line: PlannedLine },
  { wallets, registry, at, issuer, clock }: ImportDeps,
  imported: Imported,
): Promise<void> {
  const { viewer, points, month, note } = line
  const identity = { brand, kind: 'viewer', id: viewer } as const
  const known = await findAccount(registry, identity)
  if (known === undefined) imported.accounts++
  const account = known ?? (await resolveAccount(registry, identity))
  for (let attempt = 1; ; attempt++) {
    const answer = await wallets.issue({
      account,
      id: idOf(hash, line.line),
      cause: 'imported',
      lots: [{ issuer, points, ...(month !== undefined && { month }) }],
      at,
      by: 'import',
      note,
    })
    if (answer.ok) {
      const to = answer.dup ? imported.before : imported
      to.lines++
      to.points += points
      return
    }
    if (answer.code !== 'busy' || attempt === BUSY_ATTEMPTS) {
      imported.failed.push({ line: line.line, text: answer.code })
      return
    }
    await clock.sleep(BUSY_MS)
  }
}
