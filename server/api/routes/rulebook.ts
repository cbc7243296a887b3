/** Routes of the rules of the game and of the books that show they were kept. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { ACTIONS, type Action } from '../../../shared/receipt.ts'
import { Rulebook } from '../../../shared/rulebook/schema.ts'
import { sentences, TOPICS, type Topic } from '../../../shared/rulebook/sentences.ts'
import { WARNINGS } from '../../../shared/rulebook/warnings.ts'
import {
  currentRulebook,
  listRulebooks,
  type Published as Publishing,
  publishRulebook,
  rollBackRulebook,
  rulebookVersion,
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
}
export const Said = z.object({ zh: z.string(), en: z.string() })
export const Warnings = z
  .array(z.object({ code: z.enum(WARNINGS), field: z.string(), text: Said }))
  .describe('What to think over; the book holds all the same')
export const Warned = { ...Published, warnings: Warnings }

/** What a publication is answered with. */
export function warned({ published, warnings }: Publishing) {
  const { book: _, ...rest } = published
  return { ok: true as const, ...rest, warnings }
}

const get = route({
  method: 'GET',
  path: '/v1/rulebook',
  what: 'The rulebook that holds now, or the version asked for.',
  access: 'operator',
  query: z.strictObject({ version: VersionText.optional() }),
  reply: ok({ ...Published, book: Rulebook }),
  refusals: ['not_found'],
  async run({ query: { version } }, { gate: { store } }) {
    const found =
      version === undefined ? await currentRulebook(store) : await rulebookVersion(store, version)
    return found ? { ok: true, ...found } : refuse('not_found', { field: 'version' })
  },
})

const publish = route({
  method: 'POST',
  path: '/v1/rulebook',
  what: 'Publish a rulebook: it holds for what is scored from now on, in every gateway within a second. `rulebook_invalid` names the first field that does not fit.',
  access: 'platform',
  once: true,
  body: z
    .strictObject({
      book: z.unknown(),
      basis: Version.optional().describe(
        'The version it was made from; `rulebook_moved` where another one holds by now',
      ),
    })
    .meta({ description: '`book` is a rulebook; see the schema of the reply of GET /v1/rulebook' }),
  reply: ok(Warned),
  refusals: [
    'rulebook_invalid',
    'rulebook_moved',
    'review_needed',
    'forbidden',
    'id_conflict',
    'busy',
  ],
  async run({ body: { book, basis }, caller }, { gate: { store }, rulebook, site }) {
    // A draft is what another one can look at.
    if (site.rulesReviewed && caller.operator) return refuse('review_needed')
    const answer = await publishRulebook(store, {
      book,
      by: caller.by,
      now: rulebook().book,
      ...(basis !== undefined && { basis }),
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
    versions: z.array(z.object({ ...Published, preset: z.string(), note: z.string() })),
  }),
  refusals: [],
  async run({ query: { before } }, { gate: { store } }) {
    return { ok: true, versions: await listRulebooks(store, before) }
  },
})

const rollback = route({
  method: 'POST',
  path: '/v1/rulebook/rollback',
  what: 'Publish an old version once more, as the newest.',
  access: 'platform',
  once: true,
  body: z.strictObject({ version: Version }),
  reply: ok(Warned),
  refusals: ['not_found', 'rulebook_invalid', 'forbidden', 'id_conflict', 'busy'],
  async run({ body, caller }, { gate: { store }, rulebook }) {
    const answer = await rollBackRulebook(store, {
      ...{ version: body.version, by: caller.by },
      now: rulebook().book,
    })
    return answer.ok ? warned(answer) : answer
  },
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

export const rulebookRoutes = [get, publish, versions, rollback, read]
