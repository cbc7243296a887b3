/** Where the points are: what can be spent, and what waits, is held or is frozen, each with what that means. */

import type { AccountState } from '../../shared/account-state.ts'
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
const ORDER: readonly (keyof Balance)[] = ['spendable', 'session', 'pending', 'held', 'frozen']

export function Buckets({
  balance,
  expiring,
  lang,
}: {
  balance: Balance
  expiring: { points: number; untilMs: number } | undefined
  lang: Lang
}) {
  const words = WORDS[lang]
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
