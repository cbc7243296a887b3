/** The audit over real segments: what the scoring scripts journalled and the worker archived. */

import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../server/redis/index.ts'
import { useRedis } from '../../server/redis/use-redis.testing.ts'
import { journalCommand } from '../../server/worker/index.ts'
import { segmentPaths } from '../../server/worker/segment-file.ts'
import { createStand, likes, type Stand } from '../../server/worker/worker.testing.ts'
import { formatAccount } from '../../shared/ids.ts'
import type { ViewerRecord } from '../viewer/record.ts'
import { compare } from './compare.ts'
import { addCredits, type Credit, type JournalLine } from './credits.ts'

const ACCOUNTS = [2, 3, 4]
const COMMANDS = 6

let redis: Store
let stand: Stand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createStand(redis)
  for (let seq = 1; seq <= COMMANDS; seq++) {
    // One element of a journal holds viewers of one partition: even accounts of the first, odd of the second.
    await likes(stand, [2, 4], { seq })
    await likes(stand, [3], { seq })
  }
  await stand.worker()
  await stand.drained()
})
afterEach(() => stand.clean())

async function printed(): Promise<string> {
  const out = new PassThrough()
  const all = text(out)
  expect(await journalCommand(['--data', stand.dataDir], out, new PassThrough())).toBe(0)
  out.end()
  return all
}

async function credits(): Promise<Map<string, Credit>> {
  const found = new Map<string, Credit>()
  for (const line of (await printed()).split('\n'))
    if (line !== '') addCredits(found, JSON.parse(line) as JournalLine)
  return found
}

/** Viewers who were told what the journal holds now. */
const told = (of: ReadonlyMap<string, Credit>): ViewerRecord[] =>
  ACCOUNTS.map((number, viewer) => {
    const account = formatAccount(number)
    const own = [...of.values()].filter((credit) => credit.account === account)
    return {
      viewer,
      account,
      phase: 'online',
      sessions: [
        {
          nonce: own[0]?.session ?? 0,
          acknowledged: own.map(({ seq, points }) => [seq, points]),
          open: [],
          dropped: [],
        },
      ],
    }
  })

const [first, second] = [0, 1]
const lastSegment = (partition: number): string => {
  const path = segmentPaths(stand.dataDir, partition).at(-1)
  if (!path) throw new Error('no segment')
  return path
}

describe('the audit of archived journals', () => {
  it('finds every command of every viewer, once, with its points', async () => {
    const found = await credits()
    expect(found.size).toBe(ACCOUNTS.length * COMMANDS)
    expect([...found.values()].every(({ times }) => times === 1)).toBe(true)
    expect(compare(told(found), found, ACCOUNTS.length)).toMatchObject({
      acknowledged: ACCOUNTS.length * COMMANDS,
      credited: ACCOUNTS.length * COMMANDS,
      differences: [],
    })
  })

  it('misses what was taken from the end of a segment', async () => {
    const records = told(await credits())
    const path = lastSegment(second)
    truncateSync(path, readFileSync(path).length - 1)
    const { differences } = compare(records, await credits(), ACCOUNTS.length)
    expect(differences).toMatchObject([
      { kind: 'not_credited', id: expect.stringMatching(`^${formatAccount(3)}:.*:${COMMANDS}$`) },
    ])
  })

  it('misses everything after a byte that changed', async () => {
    const records = told(await credits())
    const path = lastSegment(first)
    const bytes = readFileSync(path)
    const middle = Math.floor(bytes.length / 2)
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 0xff, middle)
    writeFileSync(path, bytes)
    const { differences } = compare(records, await credits(), ACCOUNTS.length)
    expect(differences.length).toBeGreaterThan(0)
    expect(new Set(differences.map(({ kind }) => kind))).toEqual(new Set(['not_credited']))
  })

  it('sees an acknowledgement that nobody gave', async () => {
    const found = await credits()
    const records = told(found)
    records[0]?.sessions[0]?.acknowledged.push([COMMANDS + 1, 1])
    expect(compare(records, found, ACCOUNTS.length).differences).toMatchObject([
      { kind: 'not_credited' },
    ])
  })
})

it('the command asks for a folder, and fails where there is none', async () => {
  const errors = new PassThrough()
  expect(await journalCommand([], new PassThrough(), errors)).toBe(2)
  expect(String(errors.read())).toContain('--data DIR')
  await expect(
    journalCommand(['--data', '/nowhere/at/all'], new PassThrough(), errors),
  ).rejects.toThrow('ENOENT')
})
