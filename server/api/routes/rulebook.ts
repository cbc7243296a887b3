/** Routes of the rules of the game and of the books that show they were kept. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { ACTIONS, type Action } from '../../../shared/receipt.ts'
import { Rulebook } from '../../../shared/rulebook/schema.ts'
import { sentences, TOPICS, type Topic } from '../../../shared/rulebook/sentences.ts'
import { WARNINGS } from '../../../shared/rulebook/warnings.ts'
import {
  callBackRulebook,
  currentRulebook,
  listRulebooks,
  type Published as Publishing,
  publishRulebook,
  rollBackRulebook,
  rulebookVersion,
  scheduledRulebooks,
} from '../../governance/index.ts'
import { route } from '../route.ts'
import { Lang, Ms, ok } from '../shapes/basics.ts'

export const Version = z.int().min(1)
const VersionText = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number)
const Published = {
  version: Version,
  publishedAtMs: Ms,
  by: z.string(),
  draftedBy: z.string().optional().describe('Who wrote it, where somebody else published it'),
  variantOf: Version.optional().describe(
    'An experiment plays it beside this version; it was never current',
  ),
  effectiveAtMs: Ms.optional().describe(
    'From when it holds, where that is later than its publication',
  ),
}
export const EffectiveAtMs = Ms.optional().describe(
  'From when it holds, by the clock of Redis, at most a year ahead; at once where it is absent. `bad_request` names it where it is past',
)
export const Said = z.object({ zh: z.string(), en: z.string() })
export const Warnings = z
  .array(z.object({ code: z.enum(WARNINGS), field: z.string(), text: Said }))
  .describe('What to think over; the book holds all the same')
export const Warned = {
  ...Published,
  calledBack: z
    .array(Version)
    .describe('Scheduled versions that were to begin after it: they were made from another one'),
  warnings: Warnings,
}

/** What a publication is answered with. */
export function warned({ published, calledBack, warnings }: Publishing) {
  const { book: _, ...rest } = published
  return { ok: true as const, ...rest, calledBack, warnings }
}

const get = route({
  method: 'GET',
  path: '/v1/rulebook',
  what: 'The rulebook that holds now and those that are scheduled, or the version asked for.',
  access: 'operator',
  query: z.strictObject({ version: VersionText.optional() }),
  reply: ok({
    ...Published,
    book: Rulebook,
    coming: z
      .array(z.object({ ...Published, preset: z.string(), note: z.string() }))
      .optional()
      .describe('Scheduled versions in the order in which they begin; beside the one that holds'),
  }),
  refusals: ['not_found'],
  async run({ query: { version } }, { gate: { store } }) {
    if (version !== undefined) {
      const found = await rulebookVersion(store, version)
      return found ? { ok: true, ...found } : refuse('not_found', { field: 'version' })
    }
    const [holds, coming] = await Promise.all([currentRulebook(store), scheduledRulebooks(store)])
    if (!holds) return refuse('not_found')
    return { ok: true, ...holds, ...(coming.length > 0 && { coming }) }
  },
})

const publish = route({
  method: 'POST',
  path: '/v1/rulebook',
  what: 'Publish a rulebook: it holds for what is scored from now on, in every gateway within a second, or from `effectiveAtMs` on, in all of them at once. `rulebook_invalid` names the first field that does not fit. What was to begin after it is called back.',
  access: 'platform',
  once: true,
  body: z
    .strictObject({
      book: z.unknown(),
      basis: Version.optional().describe(
        'The version it was made from; `rulebook_moved` where it would follow another one',
      ),
      effectiveAtMs: EffectiveAtMs,
    })
    .meta({ description: '`book` is a rulebook; see the schema of the reply of GET /v1/rulebook' }),
  reply: ok(Warned),
  refusals: [
    'rulebook_invalid',
    'rulebook_moved',
    'notice_needed',
    'review_needed',
    'forbidden',
    'id_conflict',
    'busy',
  ],
  async run({ body: { book, basis, effectiveAtMs }, caller }, { gate: { store }, site }) {
    // A draft is what another one can look at.
    if (site.rulesReviewed && caller.operator) return refuse('review_needed')
    const answer = await publishRulebook(store, {
      book,
      by: caller.by,
      ...(basis !== undefined && { basis }),
      ...(effectiveAtMs !== undefined && { effectiveAtMs }),
    })
    return answer.ok ? warned(answer) : answer
  },
})

const versions = route({
  method: 'GET',
  path: '/v1/rulebook/versions',
  what: 'Versions newest first, 50 a page; `before` is the last version of the page before.',
  access: 'operator',
  query: z.strictObject({ before: VersionText.optional() }),
  reply: ok({
    versions: z.array(
      z.object({
        ...Published,
        calledBack: z
          .object({ atMs: Ms, by: z.string() })
          .optional()
          .describe('It was scheduled and did not begin'),
        preset: z.string(),
        note: z.string(),
      }),
    ),
  }),
  refusals: [],
  async run({ query: { before } }, { gate: { store } }) {
    return { ok: true, versions: await listRulebooks(store, before) }
  },
})

const rollback = route({
  method: 'POST',
  path: '/v1/rulebook/rollback',
  what: 'Publish an old version once more, as the newest. What was to begin after it is called back.',
  access: 'platform',
  once: true,
  body: z.strictObject({ version: Version, effectiveAtMs: EffectiveAtMs }),
  reply: ok(Warned),
  refusals: ['not_found', 'rulebook_invalid', 'notice_needed', 'forbidden', 'id_conflict', 'busy'],
  async run({ body: { version, effectiveAtMs }, caller: { by } }, { gate: { store } }) {
    const answer = await rollBackRulebook(store, {
      ...{ version, by },
      ...(effectiveAtMs !== undefined && { effectiveAtMs }),
    })
    return answer.ok ? warned(answer) : answer
  },
})

const callBack = route({
  method: 'POST',
  path: '/v1/rulebook/call-back',
  what: 'A scheduled version does not begin, nor do those that were to follow it. `not_found` where it is not scheduled, or began.',
  access: 'platform',
  once: true,
  body: z.strictObject({ version: Version }),
  reply: ok({ calledBack: z.array(Version) }),
  refusals: ['not_found', 'forbidden', 'id_conflict', 'busy'],
  run: ({ body: { version }, caller: { by } }, { gate: { store } }) =>
    callBackRulebook(store, { version, by }),
})

const read = route({
  method: 'GET',
  path: '/v1/rulebook/sentences',
  what: 'The rules as viewers may read them, in Chinese or English.',
  access: 'open',
  anyOrigin: true,
  query: z.strictObject({
    lang: Lang.default('zh'),
    profile: z.string().max(32).optional().describe('Only what concerns this kind of room'),
    version: VersionText.optional().describe(
      'Of the versions that somebody plays by now, as a room or an account names it; the current one otherwise',
    ),
  }),
  reply: ok({
    version: Version,
    sentences: z.array(
      z.object({
        topic: z.enum(Object.keys(TOPICS) as [Topic, ...Topic[]]),
        title: z.string().describe('Of the topic'),
        key: z.string().describe('Says the same in every version and language'),
        text: z.string(),
      }),
    ),
    earn: z
      .array(
        z.object({
          id: z.string().describe('Of the rule, as in `today.used` of an account'),
          action: z.enum(Object.keys(ACTIONS) as [Action, ...Action[]]),
          points: z.number().describe('Per unit, before multipliers'),
          minutes: z.number().optional().describe('Of watching that make one unit'),
          continuous: z.literal(true).optional().describe('Those minutes are without a break'),
          perDay: z.int().optional().describe('Units that count in a day'),
        }),
      )
      .describe('What pays points, in the order of the rulebook'),
    dailyPoints: z.int().optional().describe('Most points of a day'),
  }),
  refusals: [],
  async run({ query: { lang, profile, version: asked } }, deps) {
    const { version, book } = asked === undefined ? deps.rulebook() : deps.playing.version(asked)
    const all = sentences(book, lang, profile)
    const paying = book.earn.filter(({ enabled, points }) => enabled && points > 0)
    return {
      ok: true,
      version,
      sentences: all.map((one) => ({ ...one, title: TOPICS[one.topic][lang] })),
      earn: paying.map(({ id, action, points, goal, caps: { perDay } }) => ({
        id,
        action,
        points,
        ...(goal && { minutes: goal.minutes }),
        ...(goal?.mode === 'continuous' && { continuous: true as const }),
        ...(perDay !== undefined && { perDay }),
      })),
      ...(book.dailyPoints !== undefined && { dailyPoints: book.dailyPoints }),
    }
  },
})

export const rulebookRoutes = [get, publish, versions, rollback, callBack, read]
