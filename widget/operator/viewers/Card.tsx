/** Whose account it is, and where its points are: the conservation equation in words. */

import { DAY_MS } from '../../../shared/time.ts'
import { formatPoints, TierBadge } from '../../ui/index.ts'
import { useDesk } from '../desk.ts'
import { dateOf, momentOf } from '../time.ts'
import type { Person, Wallet } from './read.ts'
import { SAID } from './reply-words.ts'
import { WORDS } from './words.ts'

export function Card({ person, number, nowMs }: { person: Person; number: string; nowMs: number }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { name, frozen, account, wallet, identities } = person
  return (
    <section class="ff-card" aria-label={w.account}>
      <div class="id">
        <TierBadge rung={account.tier.rung} />
        <div>
          <b dir="auto">{name || w.nameless}</b>
          {frozen && <span class="ff-chip bad">{w.frozenTag}</span>}
          <Standing person={person} nowMs={nowMs} />
        </div>
      </div>
      <dl class="who">
        <div>
          <dt>{w.account}</dt>
          <dd class="mono">{number}</dd>
        </div>
        <div>
          <dt>{w.linked}</dt>
          <dd>{[...new Set(identities.map(({ kind }) => w.kinds[kind]))].join(SAID[lang].list)}</dd>
        </div>
      </dl>
      <Buckets wallet={wallet} nowMs={nowMs} />
    </section>
  )
}

function Standing({ person: { account }, nowMs }: { person: Person; nowMs: number }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const facts = house.facts.data.value
  if (!facts) return null
  const { rung, growth, boost, keep } = account.tier
  const here = facts.rungs[rung]
  const next = facts.rungs[rung + 1]
  const missing = next?.growth === undefined ? undefined : Math.max(0, next.growth - growth)
  const reader = { lang, timeZone: facts.timeZone }
  return (
    <>
      <p>
        {here?.label[lang]}
        {' · '}
        {next && missing !== undefined
          ? w.toNext(formatPoints(missing), next.label[lang])
          : w.growth(formatPoints(growth))}
        {!next && ` · ${w.top}`}
      </p>
      {keep && here && (
        <p class={keep.warned && keep.growth > growth ? 'warned' : ''}>
          {w.keep(
            here.label[lang],
            formatPoints(Math.max(0, keep.growth - growth)),
            dateOf(keep.untilMs - 1, reader),
          )}
        </p>
      )}
      {boost && boost.untilMs > nowMs && <p>{w.boost(momentOf(boost.untilMs, nowMs, reader))}</p>}
    </>
  )
}

interface LineProps {
  /** Names it for tests. */
  id: string
  name: string
  points: number
  kind?: 'tot' | 'soon'
}

function Line({ id, name, points, kind }: LineProps) {
  return (
    <div class={kind} data-key={id}>
      <dt>{name}</dt>
      <dd class="ff-n">{formatPoints(points)}</dd>
    </div>
  )
}

/** Ways out that most accounts never took are shown where there is something. */
const OUT = ['spent', 'expired', 'revoked', 'transferredOut'] as const
const KEPT = ['session', 'pending', 'held', 'frozen'] as const

/** What expires within this time is worth a colour. */
const SOON_MS = 30 * DAY_MS

function Buckets({ wallet, nowMs }: { wallet: Wallet; nowMs: number }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const { balance, flows, expiring, balanced } = wallet
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  return (
    <dl class="bk">
      <Line id="spendable" name={w.buckets.spendable} points={balance.spendable} kind="tot" />
      {KEPT.map((bucket) => (
        <Line key={bucket} id={bucket} name={w.buckets[bucket]} points={balance[bucket]} />
      ))}
      {expiring && (
        <Line
          id="soon"
          name={w.expiring(dateOf(expiring.atMs, reader))}
          points={expiring.points}
          {...(expiring.atMs - nowMs < SOON_MS && { kind: 'soon' })}
        />
      )}
      {OUT.filter((flow) => flow === 'spent' || flows[flow] > 0).map((flow) => (
        <Line key={flow} id={flow} name={w.flows[flow]} points={flows[flow]} />
      ))}
      <div class="sum eq" data-key="came">
        <dt>
          {flows.transferredIn > 0 ? w.came : w.flows.issued}
          <small>{w.equation}</small>
        </dt>
        <dd class={`ff-n ${balanced ? '' : 'bad'}`}>
          {formatPoints(flows.issued + flows.transferredIn)}{' '}
          <span>{balanced ? `✓ ${w.balanced}` : w.unbalanced}</span>
        </dd>
      </div>
    </dl>
  )
}
