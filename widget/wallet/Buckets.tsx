/** Where the points are: what can be spent here, what waits, is held or frozen, and what is good in other places. */

import { type AccountState, purseOf } from '../../shared/account-state.ts'
import type { Reach } from '../../shared/ledger.ts'
import { dateOf } from '../rewards/moments.ts'
import { formatPoints, type Lang } from '../ui/lang.ts'

type Balance = AccountState['balance']
type Words = readonly [name: string, why: string]

const WORDS: Record<Lang, Record<keyof Balance, Words>> = {
  zh: {
    spendable: ['可用', '随时可以使用'],
    session: ['仅限本场', '直播结束时清零'],
    pending: ['待到账', '条件达成后到账'],
    held: ['处理中', '正在兑换或付款，没有成功会退回'],
    frozen: ['已冻结', '照常得分，暂时不能使用；原因见下方明细'],
  },
  en: {
    spendable: ['To spend', 'whenever you like'],
    session: ['This live only', 'gone when the live ends'],
    pending: ['Pending', 'credited once the condition is met'],
    held: ['Under way', 'being redeemed or paid, else they come back'],
    frozen: ['Frozen', 'you earn, but cannot spend for now; the reason stands below'],
  },
}

/** Of a room by its name, of a host or a brand by its id. */
const PLACES: Record<Lang, Record<Reach['kind'], (name: string) => Words>> = {
  zh: {
    room: (name) => [`直播间「${name}」`, '只能在那个直播间使用'],
    host: (name) => [`主播 ${name}`, '只能在这位主播的直播间使用'],
    brand: (name) => [`品牌 ${name}`, '只能在那个品牌使用'],
  },
  en: {
    room: (name) => [`Room “${name}”`, 'good in that room only'],
    host: (name) => [`Host ${name}`, 'good in the rooms of that host only'],
    brand: (name) => [`Brand ${name}`, 'good at that brand only'],
  },
}
const HERE = { zh: '本直播间可用', en: 'To spend here' } as const
const ORDER: readonly (keyof Balance)[] = ['spendable', 'session', 'pending', 'held', 'frozen']

/** Where points are good that are not good here. */
function Elsewhere({ reach, lang }: { reach: readonly Reach[]; lang: Lang }) {
  return reach.map(({ kind, id, name = id, points }) => {
    const [title, why] = PLACES[lang][kind](name)
    return (
      <div key={`${kind} ${id}`} class="elsewhere">
        <dt>{title}</dt>
        <dd class="ff-n">{formatPoints(points)}</dd>
        <dd class="d">{why}</dd>
      </div>
    )
  })
}

export function Buckets({
  account,
  reach,
  expiring,
  lang,
}: {
  account: Pick<AccountState, 'balance' | 'elsewhere'>
  reach: readonly Reach[]
  expiring: { points: number; untilMs: number } | undefined
  lang: Lang
}) {
  const words = WORDS[lang]
  const balance = { ...account.balance, spendable: purseOf(account).spendable }
  const others = account.elsewhere ? reach.filter(({ here }) => !here) : []
  const filled = ORDER.filter((bucket) => bucket === 'spendable' || balance[bucket] > 0)
  return (
    <>
      <dl class="buckets">
        {filled.map((bucket) => (
          <div key={bucket} class={bucket}>
            <dt>{bucket === 'spendable' && others.length > 0 ? HERE[lang] : words[bucket][0]}</dt>
            <dd class="ff-n">{formatPoints(balance[bucket])}</dd>
            {bucket !== 'spendable' && <dd class="d">{words[bucket][1]}</dd>}
          </div>
        ))}
        <Elsewhere reach={others} lang={lang} />
      </dl>
      {expiring && (
        <p class="soon">
          {lang === 'zh'
            ? `${formatPoints(expiring.points)} 分将于 ${dateOf(expiring.untilMs, lang)}到期，记得先用`
            : `${formatPoints(expiring.points)} points expire on ${dateOf(expiring.untilMs, lang)}`}
        </p>
      )}
    </>
  )
}
