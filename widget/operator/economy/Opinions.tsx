/** Whether viewers would recommend the points: the score of each month, and of the newest by tier. */

import { formatPoints, formatSigned } from '../../ui/index.ts'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { Columns } from '../Head.tsx'
import { ECONOMY_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { readOpinions, type Score } from './read.ts'
import { WORDS } from './words.ts'

/** Months that are shown, the newest first. */
const MONTHS_SHOWN = 12
/** Of fewer answers one more or less moves the score by points: it says little yet. */
const FEW_ANSWERS = 30

export function Opinions() {
  const { api, lang, house } = useDesk()
  const w = WORDS[lang].opinions
  const read = usePolled('opinions', () => readOpinions(api), ECONOMY_EVERY_MS)
  const { data } = read
  const rungs = house.facts.data.value?.rungs ?? []
  const newest = data?.months.at(-1)
  const tiers: [string, Score][] =
    newest?.rungs.map((one) => [rungs[one.rung]?.label[lang] ?? `${one.rung + 1}`, one]) ?? []
  const months: [string, Score][] =
    data?.months
      .slice(-MONTHS_SHOWN)
      .reverse()
      .map((one) => [one.month, one]) ?? []
  return (
    <section class="ff-card" aria-label={w.title}>
      <h2 class="ff-h">
        {w.title}
        <span class="ff-muted">{w.what}</span>
      </h2>
      <Unread polled={read} />
      {data && !data.asking && (
        <p class="ff-muted">
          {w.off} <a href={hrefOf('rules', 'survey')}>{w.ask}</a>
        </p>
      )}
      {data?.asking && !newest && <Quiet>{w.none}</Quiet>}
      {newest && (
        <div class="opinions">
          <Scores of={w.month} rows={months} />
          <Scores of={w.tierIn(newest.month)} rows={tiers} />
        </div>
      )}
    </section>
  )
}

function Scores({ of, rows }: { of: string; rows: readonly [string, Score][] }) {
  const { lang } = useDesk()
  const w = WORDS[lang].opinions
  return (
    <table>
      <Columns names={[of, ...w.head]} />
      <tbody>
        {rows.map(([name, { answers, promoters, detractors, score = 0 }]) => (
          <tr key={name}>
            <td>{name}</td>
            <td class="ff-n">
              <b>{formatSigned(score)}</b>
              {answers < FEW_ANSWERS && <span class="ff-muted"> {w.few}</span>}
            </td>
            <td class="r ff-n">{formatPoints(answers)}</td>
            <td class="r ff-n">{formatPoints(promoters)}</td>
            <td class="r ff-n">{formatPoints(detractors)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
