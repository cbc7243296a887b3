/** The audit sees every kind of difference, each planted alone. */

import { describe, expect, it } from 'vitest'
import type { ViewerRecord } from '../viewer/record.ts'
import { compare } from './compare.ts'
import { addCredits, type Credit, commandId, type JournalLine } from './credits.ts'

const NONCE = 77

/** Three viewers, each with commands 1 to 4 of two points, and what the journal has of them. */
function honest(): { records: ViewerRecord[]; lines: JournalLine[] } {
  const accounts = ['a', 'b', 'c']
  const seqs = [1, 2, 3, 4]
  return {
    records: accounts.map((account, viewer) => ({
      viewer,
      account,
      phase: 'online',
      sessions: [
        { nonce: NONCE, acknowledged: seqs.map((seq) => [seq, 2]), open: [], dropped: [] },
      ],
    })),
    // As the service batches them: several viewers an element, several receipts a command.
    lines: seqs.map((seq) => ({
      entries: accounts.map((account) => ({
        account,
        session: NONCE,
        receipts: [
          { seq, points: 1 },
          { seq, points: 1 },
        ],
      })),
    })),
  }
}

function credits(lines: readonly JournalLine[]): Map<string, Credit> {
  const all = new Map<string, Credit>()
  for (const line of lines) addCredits(all, line)
  return all
}
const found = ({ records, lines }: ReturnType<typeof honest>, viewers = 3) =>
  compare(records, credits(lines), viewers)
const session = ({ records }: ReturnType<typeof honest>, viewer: number) => {
  const of = records[viewer]?.sessions[0]
  if (!of) throw new Error('no session')
  return of
}

describe('the audit', () => {
  it('finds nothing where both sides say the same', () => {
    expect(found(honest())).toEqual({
      viewers: 3,
      acknowledged: 12,
      open: 0,
      credited: 12,
      points: 24,
      differences: [],
    })
  })

  it('a journal element that is gone', () => {
    const run = honest()
    run.lines.splice(2, 1)
    expect(found(run).differences).toEqual(
      ['a', 'b', 'c'].map((account) => ({
        kind: 'not_credited',
        id: commandId(account, NONCE, 3),
      })),
    )
  })

  it('an acknowledgement that nobody gave', () => {
    const run = honest()
    session(run, 1).acknowledged.push([5, 2])
    expect(found(run).differences).toEqual([{ kind: 'not_credited', id: commandId('b', NONCE, 5) }])
  })

  it('a command that was credited in two entries', () => {
    const run = honest()
    const [first] = run.lines
    if (first) run.lines.push({ entries: first.entries.slice(0, 1) })
    expect(found(run).differences).toEqual([
      { kind: 'points_differ', id: commandId('a', NONCE, 1), detail: 'told 2, journal 4' },
      { kind: 'credited_twice', id: commandId('a', NONCE, 1), detail: '2 times' },
    ])
  })

  it('a command that was credited twice though the viewer only heard of the repeat', () => {
    const run = honest()
    session(run, 0).acknowledged[0] = [1, null]
    expect(found(run).differences).toEqual([])
    const [first] = run.lines
    if (first) run.lines.push({ entries: first.entries.slice(0, 1) })
    expect(found(run).differences).toMatchObject([{ kind: 'credited_twice' }])
  })

  it('a viewer that was told other points', () => {
    const run = honest()
    session(run, 2).acknowledged[3] = [4, 3]
    expect(found(run).differences).toEqual([
      { kind: 'points_differ', id: commandId('c', NONCE, 4), detail: 'told 3, journal 2' },
    ])
  })

  it('a credit for what the viewer did not send, or was refused', () => {
    const run = honest()
    const { acknowledged, dropped } = session(run, 0)
    acknowledged.pop()
    dropped.push([4, 'too_old'])
    expect(found(run).differences).toEqual([
      { kind: 'not_acknowledged', id: commandId('a', NONCE, 4) },
    ])
  })

  it('a credit under a client session that the viewer never had', () => {
    const run = honest()
    run.lines.push({
      entries: [{ account: 'a', session: NONCE + 1, receipts: [{ seq: 1, points: 1 }] }],
    })
    expect(found(run).differences).toMatchObject([{ kind: 'not_acknowledged' }])
  })

  it('a viewer that left no record', () => {
    const run = honest()
    run.records.splice(1, 1)
    expect(found(run).differences).toEqual([{ kind: 'no_record', id: 'viewer 1' }])
  })

  it('a viewer that was never let in', () => {
    const run = honest()
    run.records.push({ viewer: 3, account: '', phase: 'refused: room_ended', sessions: [] })
    expect(found(run, 4).differences).toEqual([
      { kind: 'never_in', id: 'viewer 3', detail: 'refused: room_ended' },
    ])
  })

  it('what was never answered may be credited or not, but not twice', () => {
    const run = honest()
    const { acknowledged, open } = session(run, 0)
    acknowledged.pop()
    open.push(4, 5)
    expect(found(run)).toMatchObject({ open: 2, differences: [] })
    const last = run.lines.at(-1)
    if (last) run.lines.push({ entries: last.entries.slice(0, 1) })
    expect(found(run).differences).toMatchObject([{ kind: 'credited_twice' }])
  })

  it('other people, and what the server did by itself, are none of its business', () => {
    const run = honest()
    run.lines.push({
      entries: [
        { account: 'stranger', session: NONCE, receipts: [{ seq: 1, points: 9 }] },
        { account: 'a', session: 0, receipts: [{ seq: 0, points: 100 }] },
        { account: 'a', session: NONCE, receipts: [{ seq: 0, points: 100 }] },
      ],
    })
    expect(found(run).differences).toEqual([])
  })
})
