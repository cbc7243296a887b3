/** Words of the dry run. */

import type { DryRunEnd } from '../../../../shared/dry-run.ts'
import type { Reason } from '../../../../shared/receipt.ts'
import type { Lang } from '../../../ui/lang.ts'

export type Period = 'day' | 'week' | 'all'

const zh = {
  open: '试算',
  title: '试算：如果一直用这份草稿',
  what: '把已经发生的点赞、评论、观看、下单按草稿重新计一遍，和实际对比。在单独的数据库里进行，不动任何余额。',
  period: '时间',
  periods: { day: '近 24 小时', week: '近 7 天', all: '全部' } satisfies Record<Period, string>,
  begin: '开始试算',
  again: '再算一次',
  waiting: '等待执行…',
  running: (percent: number) => `正在重算 ${percent}%`,
  stop: '停止',
  same: (entries: string, balances: string) =>
    `按当时的规则重算，${entries} 条流水和 ${balances} 个余额与账本完全一致。`,
  differs: '按当时的规则重算，与账本不一致，下面的对比不可信：',
  of: (entries: string, accounts: string) => `${entries} 条流水，${accounts} 位观众`,
  nothing: '这段时间没有可以重算的流水。',
  was: '实际',
  would: '按草稿',
  difference: '相差',
  points: '发放积分',
  cost: '成本',
  share: '占销售额',
  growth: '成长值',
  byRule: '各条规则的积分',
  byTier: '各等级得到的积分',
  caps: '触及上限的次数',
  levelUps: '升级次数',
  reached: (name: string) => `升到${name}`,
  task: '任务',
  people: '对每位观众',
  counts: (gain: string, lose: string, same: string) =>
    `${gain} 位多得，${lose} 位少得，${same} 位不变。`,
  most: '多得最多',
  least: '少得最多',
  account: '观众编号',
  short: (accounts: string, points: string) =>
    `有 ${accounts} 位观众花掉的积分里，${points} 分按草稿本不会有。`,
  guess: (n: string) => `${n} 条流水的热度对应多个档位，草稿改了热度倍率时这部分是估计。`,
  stays: '观众的行为、热度、活动、任务和花费都按实际发生的算：规则变了，人会不会多点赞，试算不猜。',
  reasons: {
    minute_cap: '每分钟上限',
    live_cap: '每场上限',
    daily_cap: '每天上限',
    daily_points: '每日积分上限',
    once_only: '只算一次',
    award_cap: '单次上限',
    budget: '直播预算',
    wallet_full: '积分种类过多',
  } as Partial<Record<Reason, string>>,
  ends: {
    cancelled: '已停止。',
    too_much: '流水太多，请缩小时间范围，或用命令抽样（--one-of）：',
    too_slow: '半小时内没有算完，请缩小时间范围，或用命令抽样（--one-of）：',
    version_gone: '这段时间用过的规则版本已不再保存，请选更近的时间。',
    no_redis_server: '执行任务的服务器没有 redis-server。请在有它的机器上运行：',
    failed: '没有算出来，原因在服务日志里。也可以用命令运行：',
  } satisfies Record<DryRunEnd, string>,
  lost: '没有正在运行的后台任务来执行它。可以用命令运行：',
  refused: '另一次试算还在进行。',
}
export type DryWords = typeof zh

const en: DryWords = {
  open: 'Dry run',
  title: 'Dry run: had this draft been in force',
  what: 'Counts the likes, comments, watching and orders that happened once more by the draft, beside what it was. Runs in a database of its own and touches no balance.',
  period: 'Period',
  periods: { day: 'Last 24 hours', week: 'Last 7 days', all: 'Everything' },
  begin: 'Start',
  again: 'Run again',
  waiting: 'Waiting to begin…',
  running: (percent) => `Counting, ${percent}%`,
  stop: 'Stop',
  same: (entries, balances) =>
    `By the rules of the time, ${entries} entries and ${balances} balances come out exactly as in the ledger.`,
  differs:
    'By the rules of the time it does not come out as in the ledger; do not rely on what follows:',
  of: (entries, accounts) => `${entries} entries, ${accounts} viewers`,
  nothing: 'Nothing in this period to count again.',
  was: 'As it was',
  would: 'By the draft',
  difference: 'Difference',
  points: 'Points paid',
  cost: 'Cost',
  share: 'Of sales',
  growth: 'Growth',
  byRule: 'Points by rule',
  byTier: 'Points by tier',
  caps: 'Caps met',
  levelUps: 'Level-ups',
  reached: (name) => `To ${name}`,
  task: 'Tasks',
  people: 'For each viewer',
  counts: (gain, lose, same) => `${gain} gain, ${lose} lose, ${same} stay the same.`,
  most: 'Gain most',
  least: 'Lose most',
  account: 'Viewer',
  short: (accounts, points) =>
    `${accounts} viewers spent ${points} points that they would not have had.`,
  guess: (n) =>
    `The heat of ${n} entries fits several levels; where the draft changes heat, these are a guess.`,
  stays:
    'What viewers did, heat, campaigns, tasks and spending are as they were: whether other rules make people like more is not guessed.',
  reasons: {
    minute_cap: 'Cap per minute',
    live_cap: 'Cap per live',
    daily_cap: 'Cap per day',
    daily_points: 'Points per day',
    once_only: 'Only once',
    award_cap: 'Cap per award',
    budget: 'Budget of the live',
    wallet_full: 'Too many kinds of points',
  },
  ends: {
    cancelled: 'Stopped.',
    too_much: 'Too many entries. Take a shorter period, or a sample by command (--one-of):',
    too_slow: 'Not done in half an hour. Take a shorter period, or a sample by command (--one-of):',
    version_gone: 'A version of that time is no longer kept. Take a later period.',
    no_redis_server: 'The worker has no redis-server. Where there is one, run:',
    failed: 'It failed; the log says why. It can also be run by command:',
  },
  lost: 'No worker is there to play it. It can be run by command:',
  refused: 'Another dry run is under way.',
}

export const DRY_WORDS: Record<Lang, DryWords> = { zh, en }
