/** The comparison: first whether the ledger was made again, then what differs. */

import type { DryAccount, DryRunReport, DrySums } from '../../../../shared/dry-run.ts'
import { Icon } from '../../../ui/index.ts'
import { formatSigned, type Lang } from '../../../ui/lang.ts'
import { useDesk } from '../../desk.ts'
import { useEditing } from '../context.ts'
import { itemsOf } from '../items.ts'
import { DRY_WORDS } from './words.ts'

const POINTS_PER_YUAN = 100
const FEN_PER_POINT = 1

const count = (n: number): string => n.toLocaleString('en-US')
const yuan = (points: number): string =>
  `${points < 0 ? '−' : ''}¥${Math.abs(points / POINTS_PER_YUAN).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

interface Line {
  name: string
  was: number
  would: number
  show?: (n: number) => string
}

export function Compared({ report }: { report: DryRunReport }) {
  const { lang } = useDesk()
  const w = DRY_WORDS[lang]
  const { told, tried, people } = report
  if (!tried || report.entries === 0) return <p class="ff-quiet none">{w.nothing}</p>
  return (
    <div class="dry">
      <Proof report={report} />
      <Lines lines={sumsOf(report, tried, lang)} />
      <Named
        title={w.byRule}
        pair={[told, tried]}
        of={(sums) => sums.byRule.map(({ rule, points }) => [rule, points])}
        called={useRuleNames()}
      />
      <Named
        title={w.byTier}
        pair={[told, tried]}
        of={(sums) => sums.byTier.map(({ rung, points }) => [String(rung), points])}
        called={useTierNames()}
      />
      <Named
        title={w.caps}
        pair={[told, tried]}
        of={(sums) => sums.caps.map(({ reason, times }) => [w.reasons[reason] ?? reason, times])}
        called={(name) => name}
      />
      <Named
        title={w.levelUps}
        pair={[told, tried]}
        of={(sums) => sums.levelUps.map(({ rung, times }) => [String(rung), times])}
        called={useTierNames(w.reached)}
      />
      {people && <People people={people} />}
      {report.ambiguousHeat > 0 && <p class="ff-quiet">{w.guess(count(report.ambiguousHeat))}</p>}
      <p class="ff-quiet">{w.stays}</p>
    </div>
  )
}

function Proof({ report: { proof, entries, accounts } }: { report: DryRunReport }) {
  const { lang } = useDesk()
  const w = DRY_WORDS[lang]
  const same = proof.sameEntries === proof.entries && proof.sameBalances === proof.balances
  return (
    <>
      <div class={same ? 'note k' : 'note w'}>
        <Icon name={same ? 'check' : 'warn'} />
        <span>
          {same ? w.same(count(proof.entries), count(proof.balances)) : w.differs}
          {!same && (
            <ul>
              {proof.differences.slice(0, 3).map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
        </span>
      </div>
      <p class="ff-quiet">{w.of(count(entries), count(accounts))}</p>
    </>
  )
}

function sumsOf({ told, salesFen }: DryRunReport, tried: DrySums, lang: Lang): Line[] {
  const w = DRY_WORDS[lang]
  const share = ({ points }: DrySums) => (100 * points * FEN_PER_POINT) / salesFen
  return [
    { name: w.points, was: told.points, would: tried.points },
    { name: w.cost, was: told.points, would: tried.points, show: yuan },
    ...(salesFen > 0
      ? [
          {
            name: w.share,
            was: share(told),
            would: share(tried),
            show: (n: number) => `${n.toFixed(2)}%`,
          },
        ]
      : []),
    { name: w.growth, was: told.growth, would: tried.growth },
  ]
}

function Lines({ lines, title }: { lines: readonly Line[]; title?: string }) {
  const { lang } = useDesk()
  const w = DRY_WORDS[lang]
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{title ?? <span class="ff-sr">{w.points}</span>}</th>
          <th scope="col" class="r">
            {w.was}
          </th>
          <th scope="col" class="r">
            {w.would}
          </th>
          <th scope="col" class="r">
            {w.difference}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, was, would, show = count }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="r ff-n">{show(was)}</td>
            <td class="r ff-n">{show(would)}</td>
            <td class={`r ff-n ${would > was ? 'up' : would < was ? 'dn' : 'ff-quiet'}`}>
              {formatSigned(would - was, show)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface NamedProps {
  title: string
  pair: readonly [DrySums, DrySums]
  of: (sums: DrySums) => [name: string, n: number][]
  called: (name: string) => string
}

/** What either has, in the order of what was. */
function Named({ title, pair, of, called }: NamedProps) {
  const [was, would] = pair.map((sums) => new Map(of(sums)))
  const names = [...new Set([...(was?.keys() ?? []), ...(would?.keys() ?? [])])]
  if (names.length === 0) return null
  const lines = names.map((name) => ({
    name: called(name),
    was: was?.get(name) ?? 0,
    would: would?.get(name) ?? 0,
  }))
  return <Lines title={title} lines={lines} />
}

function useRuleNames(): (rule: string) => string {
  const { book, form, lang } = useEditing()
  const items = itemsOf(book, form)
  return (rule) =>
    rule === 'task'
      ? DRY_WORDS[lang].task
      : (items.find(({ id }) => id === `earn.${rule}`)?.name[lang] ?? rule)
}

function useTierNames(as = (name: string) => name): (rung: string) => string {
  const { book, lang } = useEditing()
  return (rung) => as(book.ladder.rungs[Number(rung)]?.label[lang] ?? rung)
}

function People({ people }: { people: NonNullable<DryRunReport['people']> }) {
  const { lang } = useDesk()
  const w = DRY_WORDS[lang]
  const linesOf = (all: readonly DryAccount[]) =>
    all.map(({ account, told, tried }) => ({ name: account, was: told, would: tried }))
  return (
    <>
      <h3>{w.people}</h3>
      <p>{w.counts(count(people.gain), count(people.lose), count(people.same))}</p>
      {people.short.points > 0 && (
        <p class="note w">
          <Icon name="warn" />
          <span>{w.short(count(people.short.accounts), count(people.short.points))}</span>
        </p>
      )}
      {people.most.length > 0 && <Lines title={w.most} lines={linesOf(people.most)} />}
      {people.least.length > 0 && <Lines title={w.least} lines={linesOf(people.least)} />}
    </>
  )
}
