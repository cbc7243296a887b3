/** Prints archived journals for programs: `journal --data DIR`, one element of a partition a line, as JSON. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { formatAccount } from '../../shared/ids.ts'
import { type JournalEntry, readJournal } from '../scoring/index.ts'
import type { AccountEntry } from '../wallet/index.ts'
import { formatId } from './element.ts'
import { readSegments } from './segment-file.ts'

const USAGE = 'journal --data DIR   prints the archived journals of a data folder as JSON lines\n'

export interface JournalLine {
  partition: number
  /** Of the element in the partition's stream. */
  id: string
  /** Redis time of the script that wrote it. */
  atMs: number
  /** `account` as people see it. */
  entries: (Omit<JournalEntry, 'account'> & { account: string })[]
  ledger: (Omit<AccountEntry, 'account'> & { account: string })[]
}

const named = <T extends { account: number }>(of: T): Omit<T, 'account'> & { account: string } => ({
  ...of,
  account: formatAccount(of.account),
})

/** Every archived element of all partitions that the folder has, in order within its partition. */
export function* journalLines(dataDir: string): Generator<JournalLine> {
  const partitions = readdirSync(join(dataDir, 'journal'))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
  for (const partition of partitions)
    for (const { id, bytes } of readSegments(dataDir, partition)) {
      const { atMs, entries, ledger } = readJournal(bytes)
      yield {
        partition,
        id: formatId(id),
        atMs,
        entries: entries.map(named),
        ledger: ledger.map(named),
      }
    }
}

function* texts(dataDir: string): Generator<string> {
  for (const line of journalLines(dataDir)) yield `${JSON.stringify(line)}\n`
}

/** Answers the exit code: 2 where the arguments are wrong. Throws where a folder or file cannot be read. */
export async function journalCommand(
  argv: readonly string[],
  out: NodeJS.WritableStream,
  errors: NodeJS.WritableStream,
): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { data: { type: 'string' } } })
  if (values.data === undefined) {
    errors.write(USAGE)
    return 2
  }
  await pipeline(Readable.from(texts(values.data)), out, { end: false })
  return 0
}
