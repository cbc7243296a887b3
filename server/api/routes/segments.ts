/** Routes of segments: which there are and how many are in each, and those of one viewer with what they follow from. */

import { z } from 'zod'
import { busiestHours, figuresOf } from '../../../shared/behaviour.ts'
import { FIGURES, type Figures } from '../../../shared/rulebook/targeting.ts'
import {
  conditionsText,
  offerSentence,
  segmentFollows,
} from '../../../shared/rulebook/targeting-sentences.ts'
import { DAY_MS, dayBounds } from '../../../shared/time.ts'
import { route } from '../route.ts'
import { Count, Ms, ok } from '../shapes/basics.ts'
import { accountOf, ViewerParams } from './account-of.ts'

const Both = z.object({ zh: z.string(), en: z.string() })
const FiguresShape = z.object(
  Object.fromEntries(FIGURES.map((figure) => [figure, z.int()])) as Record<keyof Figures, z.ZodInt>,
)
const Preferred = z.object({ id: z.string(), watchedMinutes: Count })

/** Two lists of the same things. */
const zipped = (zh: readonly string[], en: readonly string[]) =>
  zh.map((text, i) => ({ zh: text, en: en[i] ?? text }))

const list = route({
  method: 'GET',
  path: '/v1/segments',
  what: 'Segments of the rulebook, who is in each and what follows, with how many accounts are in each (counted as they come and go; after a change of rules within a day), and the offers made in rooms.',
  access: 'platform',
  reply: ok({
    segments: z.array(
      z.object({
        id: z.string(),
        label: Both,
        who: Both.describe('Conditions, all of them'),
        follows: z.array(Both).describe('What it brings and sets off'),
        size: Count,
      }),
    ),
    offers: z.array(z.object({ id: z.string(), label: Both, sentence: Both })),
  }),
  refusals: ['forbidden'],
  async run(_, deps) {
    const { targeting, ladder } = deps.rulebook().book
    const { segments, offers } = targeting
    const sizes = await deps.targeting.sizes()
    const both = (text: (lang: 'zh' | 'en') => string) => ({ zh: text('zh'), en: text('en') })
    return {
      ok: true,
      segments: segments.map((segment) => ({
        id: segment.id,
        label: segment.label,
        who: both((lang) => conditionsText(segment.all, lang, ladder.rungs)),
        follows: zipped(segmentFollows(segment, 'zh'), segmentFollows(segment, 'en')),
        size: Math.max(0, sizes.get(segment.id) ?? 0),
      })),
      offers: offers.map((offer) => ({
        id: offer.id,
        label: offer.label,
        sentence: both((lang) => offerSentence(offer, { lang, segments })),
      })),
    }
  },
})

const ofViewer = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/segments',
  what: 'Segments that a viewer is in and why, the figures they follow from, and when and where the viewer watches most.',
  access: 'operator',
  params: ViewerParams,
  reply: ok({
    segments: z.array(z.object({ id: z.string(), label: Both, why: Both, sinceMs: Ms })),
    figures: FiguresShape.exactOptional().describe('Missing where nothing was seen of the viewer'),
    hours: z
      .array(z.int().min(0).max(23))
      .describe('Of the day, where most was watched, that first'),
    rooms: z.array(Preferred),
    kinds: z.array(Preferred).describe('Kinds of rooms, as their profiles say'),
  }),
  refusals: ['not_found'],
  async run({ caller, params }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const behaviour = await deps.targeting.read(found.account)
    if (!behaviour) return { ok: true, segments: [], hours: [], rooms: [], kinds: [] }
    const { targeting, ladder, timeZone } = deps.rulebook().book
    const why = (id: string) => {
      const all = targeting.segments.find((one) => one.id === id)?.all ?? []
      const text = (lang: 'zh' | 'en') => conditionsText(all, lang, ladder.rungs)
      return { zh: text('zh'), en: text('en') }
    }
    const minutes = ({ id, watchedSec }: { id: string; watchedSec: number }) => ({
      id,
      watchedMinutes: Math.floor(watchedSec / 60),
    })
    return {
      ok: true,
      segments: behaviour.segments.flatMap(({ id, sinceDay }) => {
        const label = targeting.segments.find((one) => one.id === id)?.label
        return label ? [{ id, label, why: why(id), sinceMs: sinceDay * DAY_MS }] : []
      }),
      figures: figuresOf(behaviour, dayBounds(deps.clock.now(), timeZone).day),
      hours: busiestHours(behaviour),
      rooms: behaviour.rooms.map(minutes),
      kinds: behaviour.kinds.map(minutes),
    }
  },
})

export const segmentRoutes = [list, ofViewer]
