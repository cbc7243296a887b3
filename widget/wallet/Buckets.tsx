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

/** What a room, by its name, a host or a brand, by its id, is called; and what is said of the points. */
const PLACES: Record<Lang, Record<Reach['kind'] | 'why', string>> = {
  zh: { room: '直播间', host: '主播', brand: '品牌', why: '只能在那里使用' },
  en: { room: 'Room', host: 'Host', brand: 'Brand', why: 'good there only' },
}
const ORDER: readonly (keyof Balance)[] = ['spendable', 'session', 'pending', 'held', 'frozen']

/** Where points are good that are not good here. */
function Elsewhere({ reach, lang }: { reach: readonly Reach[]; lang: Lang }) {
  const words = PLACES[lang]
  return reach.map(({ kind, id, name = id, points }) => (
    <div key={kind + id} class="elsewhere">
      <dt>
        {words[kind]} {name}
      </dt>
      <dd class="ff-n">{formatPoints(points)}</dd>
      <dd class="d">{words.why}</dd>
    </div>
  ))
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
            <dt>{words[bucket][0]}</dt>
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
