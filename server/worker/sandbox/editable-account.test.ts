import { expect, test } from 'vitest'
import { must } from '../../kernel/index.ts'
import { ACCOUNT_RECORD, PackedRecord, packRecord, QUESTS } from '../../redis/index.ts'
import { readAccountRecord } from '../../wallet/index.ts'
import { EditableAccount } from './editable-account.ts'

test('[DR4] a record whose points moved keeps what stands behind its sections', () => {
  const quests = Buffer.from('how far somebody is')
  const head = { frozen: false, changes: 3, extras: [{ tag: QUESTS, bytes: quests }] }
  const sections = ACCOUNT_RECORD.fixed.map(() => Buffer.alloc(0))
  const account = new EditableAccount(packRecord(ACCOUNT_RECORD, head, sections))
  account.changes++
  account.wallet.issued = 7
  account.wallet.lots.push({ bucket: 'spendable', issuer: 1, live: 0, month: 0, points: 7 })
  const bytes = account.bytes()
  expect(readAccountRecord(bytes)).toMatchObject({ changes: 4, wallet: { issued: 7 } })
  const kept = must(new PackedRecord(bytes, ACCOUNT_RECORD).extra(QUESTS), 'an extra')
  expect(kept.raw(quests.length)).toEqual(quests)
})
