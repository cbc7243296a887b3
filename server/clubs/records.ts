/** The records of accounts' clubs with what follows from a change of one. */

import { DerivedRecords } from '../redis/index.ts'
import { rowsOf } from './archived.ts'
import { doConsequence } from './consequences.ts'
import type { ClubsDeps } from './deps.ts'
import { clubsKey, membersKey, sizesKey, todoKey } from './keys.ts'
import { CONSEQUENCES_MAX, MEMBERS_MAX } from './limits.ts'
import { type ClubRecords, placesOf } from './members.ts'
import { packMembership, readMembership } from './record.ts'

export function openRecords(deps: ClubsDeps): ClubRecords {
  const records: ClubRecords = new DerivedRecords({
    ...deps,
    name: 'clubs of accounts',
    keys: { record: clubsKey, todo: todoKey, order: membersKey, counts: sizesKey },
    todoMax: CONSEQUENCES_MAX,
    recordsMax: MEMBERS_MAX,
    pack: packMembership,
    read: readMembership,
    countedAs: placesOf,
    follow: (todo) => doConsequence({ ...deps, records }, todo),
    archive: { journal: deps.journalOf, elementOf: (step) => deps.packKept(rowsOf(step)) },
  })
  return records
}
