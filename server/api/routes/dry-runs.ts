/** Routes of dry runs: what happened, once more, by the draft. */

import { z } from 'zod'
import { isId } from '../../../shared/ids.ts'
import {
  askDryRun,
  cancelDryRun,
  isUnderWay,
  type KnownJob,
  readDryRun,
} from '../../governance/index.ts'
import { route } from '../route.ts'
import { ok } from '../shapes/basics.ts'
import { DryAsked, DryRun } from '../shapes/dry-run.ts'

function shown(job: KnownJob, nowMs: number): z.output<typeof DryRun> {
  const { book: _, revision: __, savedAtMs, state, ...rest } = job
  const ends = state === 'done' || state === 'ended'
  return {
    ...rest,
    asked: { ...rest.asked },
    changedAtMs: savedAtMs,
    state: ends || isUnderWay(job, nowMs) ? state : 'lost',
  }
}

const get = route({
  method: 'GET',
  path: '/v1/rulebook/dry-run',
  what: 'The dry run that was asked for last: how far it is, or what it found. `lost`: no worker has said anything of it for half a minute.',
  access: 'platform',
  reply: ok({ run: DryRun.optional() }),
  refusals: ['forbidden'],
  async run(_, { gate: { store }, clock }) {
    const job = await readDryRun(store)
    return { ok: true, ...(job && { run: shown(job, clock.now()) }) }
  },
})

const ask = route({
  method: 'POST',
  path: '/v1/rulebook/dry-run',
  what: 'Play what happened once more by the draft as it was read. Touches no balance; one at a time, `busy` while another is under way.',
  access: 'platform',
  body: z.strictObject({
    revision: z.int().min(1).describe('Of the draft'),
    ...DryAsked,
    room: z.string().refine(isId).optional(),
  }),
  reply: ok({ id: z.string() }),
  refusals: ['draft_changed', 'rulebook_invalid', 'forbidden', 'busy'],
  run: ({ body: { revision, room, ...asked }, caller: { by } }, { gate: { store }, clock }) =>
    askDryRun(store, {
      ...{ draft: revision, by, nowMs: clock.now() },
      asked: { ...asked, ...(room !== undefined && { room }) },
    }),
})

const cancel = route({
  method: 'DELETE',
  path: '/v1/rulebook/dry-run',
  what: 'End a dry run; one that is over stays as it is.',
  access: 'platform',
  query: z.strictObject({ id: z.string() }),
  reply: ok({}),
  refusals: ['not_found', 'forbidden', 'busy'],
  run: ({ query: { id } }, { gate: { store } }) => cancelDryRun(store, id),
})

export const dryRunRoutes = [get, ask, cancel]
