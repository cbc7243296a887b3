/** The rules by which this viewer plays, read when a sheet shows them and again when they or the language changed. */

import { ACTIONS } from '../../shared/receipt.ts'
import type { Lang } from '../ui/lang.ts'
import type { EarnView } from './claimable.ts'
import type { SheetDeps } from './late-sheet.ts'
import type { ReadonlySignal } from './reactive.ts'

/** A rule as viewers read it. */
export interface PublishedRule {
  topic: string
  title: string
  key: string
  text: string
}

export interface Published {
  version: number
  sentences: PublishedRule[]
  /** What pays points, in numbers. */
  earn: EarnView[]
  dailyPoints?: number
}

export interface Rules {
  published: ReadonlySignal<Published | undefined>
  /** Undefined until they have been read. */
  rules: ReadonlySignal<PublishedRule[] | undefined>
  failed: ReadonlySignal<boolean>
}

export interface RulesOptions
  extends Pick<SheetDeps, 'client' | 'model' | 'panel' | 'lang' | 'reactive'> {
  /** The rules of a version, or those in force. */
  read(lang: Lang, version: number | undefined): Promise<Published>
}

export function createRules({ client, model, panel, lang, read, reactive }: RulesOptions): Rules {
  const { computed, effect, signal } = reactive
  const published = signal<Published | undefined>(undefined)
  const failed = signal(false)
  /** What is looked at: the panel, its language and the room's rules; empty while none is open. */
  let looked = ''
  /** Language and version of what was read last. */
  let known = ''

  async function look(wanted: string, said: Lang, roomVersion: number): Promise<void> {
    // Two viewers of one room may play by different rules, so the room's version does not say which.
    const own = await client.request('rulebook.own', {})
    if (wanted !== looked) return
    const version = own?.ok ? own.version : undefined
    if (version !== undefined && version < roomVersion) {
      // This gateway has not heard of what holds in the room; asked again with the next pulse.
      looked = ''
      return
    }
    if (`${said} ${version}` === known) return
    try {
      const all = await read(said, version)
      if (wanted !== looked) return
      failed.value = false
      published.value = all
      known = `${said} ${version}`
      // Nor has this process of the API.
      if (version !== undefined && all.version !== version) looked = known = ''
    } catch {
      failed.value = true
      looked = ''
    }
  }

  effect(() => {
    const isOpen = panel.value === 'today' || panel.value === 'rules'
    const { room, status } = model.state.value
    const wanted = isOpen ? `${panel.value} ${status.phase} ${lang.value} ${room?.rulebook}` : ''
    if (wanted === looked) return
    looked = wanted
    if (isOpen) void look(wanted, lang.value, room?.rulebook ?? 0)
  })
  return { published, rules: computed(() => published.value?.sentences), failed }
}

const isRule = (rule: unknown): rule is PublishedRule =>
  typeof rule === 'object' &&
  rule !== null &&
  ['topic', 'title', 'key', 'text'].every(
    (name) => name in rule && typeof rule[name as keyof typeof rule] === 'string',
  )

const isEarn = (rule: unknown): rule is EarnView =>
  typeof rule === 'object' &&
  rule !== null &&
  'action' in rule &&
  'points' in rule &&
  Object.keys(ACTIONS).includes(String(rule.action))

/** Throws where the service does not answer as it should. */
export async function fetchRules(
  get: (url: string) => Promise<Response>,
  api: string,
  { lang, version }: { lang: string; version: number | undefined },
): Promise<Published> {
  const of = version === undefined ? '' : `&version=${version}`
  const body = await (await get(`${api}/v1/rulebook/sentences?lang=${lang}${of}`)).json()
  const { sentences, earn, dailyPoints, ...said }: Partial<Record<keyof Published, unknown>> = body
  if (!Array.isArray(sentences)) throw new Error('The service did not say its rules.')
  return {
    version: Number(said.version),
    sentences: sentences.filter(isRule),
    earn: Array.isArray(earn) ? earn.filter(isEarn) : [],
    ...(typeof dailyPoints === 'number' && { dailyPoints }),
  }
}
