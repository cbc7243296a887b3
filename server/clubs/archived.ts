/** Records of clubs as the archive has them, row by row, so that they can be made again exactly. */

import { Packer, Unpacker } from '../kernel/index.ts'
import type { Derived, DerivedStep } from '../redis/index.ts'
import type { Consequence } from './advance.ts'
import type { KeptRow } from './deps.ts'
import { type Membership, NO_MEMBERSHIP, packMember, readMember } from './record.ts'

type Step = DerivedStep<Membership, Consequence>

/** Rows are made by the hundred a second, so each gets no more memory than it needs. */
const REV_BYTES = 4
const MEMBER_BYTES = 64

/** Key of what an account has beside its clubs. */
const BESIDE = ''

const textOf = (all: readonly (string | number)[]): Buffer => Buffer.from(all.join(' '))
const listOf = (value: Buffer | undefined): string[] =>
  value && value.length > 0 ? value.toString().split(' ') : []

/** Rows of one account that are others than before, each with the number of the change; without fields where they are gone. */
function changedRows({ account, before, after }: Step['changes'][number]): KeptRow[] {
  const was = before?.value ?? NO_MEMBERSHIP
  const is = after ?? NO_MEMBERSHIP
  const rev = new Packer(REV_BYTES).u32((before?.rev ?? 0) + 1).bytes()
  const rows: KeptRow[] = []
  const put = (key: string | number, fields: KeptRow['fields']) =>
    rows.push({ account, kind: 'club', key: String(key), fields })
  if (!after) put(BESIDE, [])
  else if (is.merged !== was.merged || is.forsaken !== was.forsaken)
    put(BESIDE, [
      ['rev', rev],
      ['merged', textOf(is.merged)],
      ['forsaken', textOf(is.forsaken)],
    ])
  for (const one of is.clubs) {
    if (was.clubs.includes(one)) continue
    const member = new Packer(MEMBER_BYTES)
    packMember(member, one)
    put(one.club, [
      ['rev', rev],
      ['member', member.bytes()],
    ])
  }
  for (const { club } of was.clubs) if (!is.clubs.some((one) => one.club === club)) put(club, [])
  return rows
}

function todoRow(todo: Step['todo'][number]): KeptRow {
  const fields: KeptRow['fields'] = [['todo', Buffer.from(JSON.stringify(todo))]]
  return { account: todo.account, kind: 'club_todo', key: todo.id, fields }
}

const readRow = (last: string): KeptRow => ({
  ...{ account: 0, kind: 'club_read', key: '' },
  fields: [['last', Buffer.from(last)]],
})

/** What one step writes, with how far the reader of the journal has got. */
export const rowsOf = ({ changes, todo, reader }: Step): KeptRow[] => [
  ...changes.flatMap(changedRows),
  ...todo.map(todoRow),
  ...(reader ? [readRow(reader.last)] : []),
]

/** The record of an account out of its rows, by key. */
export function membershipOf(
  rows: ReadonlyMap<string, ReadonlyMap<string, Buffer>>,
): Derived<Membership> {
  const beside = rows.get(BESIDE)
  const members = [...rows.values()].flatMap((fields) => {
    const packed = fields.get('member')
    return packed ? [readMember(new Unpacker(packed))] : []
  })
  const revs = [...rows.values()].map((fields) => fields.get('rev')?.readUInt32BE() ?? 1)
  return {
    rev: Math.max(1, ...revs),
    value: {
      merged: listOf(beside?.get('merged')).map(Number),
      forsaken: listOf(beside?.get('forsaken')),
      clubs: members.sort((a, b) => a.club - b.club),
    },
  }
}
