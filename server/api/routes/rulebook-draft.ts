/** Routes of the draft that operators write before it holds, and of the form that it is written in. */

import { z } from 'zod'
import { Rulebook } from '../../../shared/rulebook/schema.ts'
import {
  checkRulebook,
  discardDraft,
  nextRuleNumber,
  PROBLEMS_MAX,
  publishDraft,
  readDraft,
  saveDraft,
} from '../../governance/index.ts'
import { route } from '../route.ts'
import { Ms, ok } from '../shapes/basics.ts'
import { EffectiveAtMs, Said, Version, Warned, Warnings, warned } from './rulebook.ts'

const Revision = z.int().min(1).describe('Another one with every change')
const RevisionText = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number)
const Checked = {
  problems: z
    .array(z.object({ field: z.string(), text: Said }))
    .describe(`Where it does not fit, at most ${PROBLEMS_MAX}; none: it may be published`),
  warnings: Warnings,
}

const get = route({
  method: 'GET',
  path: '/v1/rulebook/draft',
  what: 'The draft of the next rulebook, if there is one. All operators write the same one; it holds for nothing before it is published.',
  access: 'platform',
  reply: ok({
    draft: z
      .object({
        revision: Revision,
        savedAtMs: Ms,
        by: z.string().describe('Who changed it last'),
        basis: Version.describe('The version it was made from'),
        book: z.unknown().describe('As it was sent; it may not fit yet'),
        ...Checked,
      })
      .optional(),
    reviewed: z.boolean().describe('Who changed it last may not publish it'),
    nextNo: z.int().describe('Number for a new earn rule; no rule ever had it'),
  }),
  refusals: ['forbidden'],
  async run(_, { gate: { store }, rulebook, site }) {
    const [draft, nextNo] = await Promise.all([readDraft(store), nextRuleNumber(store)])
    return {
      ok: true,
      ...(draft && { draft: { ...draft, ...checkRulebook(draft.book, rulebook().book) } }),
      reviewed: site.rulesReviewed,
      nextNo,
    }
  },
})

const save = route({
  method: 'POST',
  path: '/v1/rulebook/draft',
  what: 'Keep a draft, also one that does not fit yet; the answer says where. Touches no balance and no rule in force.',
  access: 'platform',
  body: z.strictObject({
    revision: z.int().min(0).describe('The one that was read; 0 where there was none'),
    basis: Version,
    book: z.unknown(),
  }),
  reply: ok({ revision: Revision, savedAtMs: Ms, ...Checked }),
  refusals: ['draft_changed', 'forbidden', 'busy'],
  async run({ body, caller: { by } }, { gate: { store }, rulebook }) {
    const saved = await saveDraft(store, { ...body, by })
    return saved.ok ? { ...saved, ...checkRulebook(body.book, rulebook().book) } : saved
  },
})

const discard = route({
  method: 'DELETE',
  path: '/v1/rulebook/draft',
  what: 'Give the draft up, as it was read.',
  access: 'platform',
  query: z.strictObject({ revision: RevisionText }),
  reply: ok({}),
  refusals: ['draft_changed', 'forbidden', 'busy'],
  async run({ query: { revision } }, { gate: { store } }) {
    const answer = await discardDraft(store, revision)
    return answer.ok ? { ok: true } : answer
  },
})

const publish = route({
  method: 'POST',
  path: '/v1/rulebook/draft/publish',
  what: 'Publish the draft as it was read: it holds for what is scored from now on, in every gateway within a second, or from `effectiveAtMs` on. What was to begin after it is called back.',
  access: 'platform',
  once: true,
  body: z.strictObject({
    revision: Revision,
    note: z.string().trim().max(200),
    effectiveAtMs: EffectiveAtMs,
  }),
  reply: ok(Warned),
  refusals: [
    'draft_changed',
    'rulebook_moved',
    'rulebook_invalid',
    'notice_needed',
    'review_needed',
    'forbidden',
    'id_conflict',
    'busy',
  ],
  async run({ body: { revision, note, effectiveAtMs }, caller }, { gate: { store }, site }) {
    // A server that signs could sign for two people as well.
    const review = site.rulesReviewed && caller.operator !== undefined
    const answer = await publishDraft(store, {
      ...{ revision, note, by: caller.by, review },
      ...(effectiveAtMs !== undefined && { effectiveAtMs }),
    })
    return answer.ok ? warned(answer) : answer
  },
})

const schema = z.toJSONSchema(Rulebook, { io: 'input' })

const form = route({
  method: 'GET',
  path: '/v1/rulebook/form',
  what: 'The JSON schema of a rulebook: its fields, bounds and choices, for editors.',
  access: 'operator',
  reply: ok({ schema: z.record(z.string(), z.unknown()) }),
  refusals: [],
  async run() {
    return { ok: true, schema: { ...schema } }
  },
})

export const draftRoutes = [get, save, discard, publish, form]
