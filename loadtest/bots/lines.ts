/** What bots call themselves and what they say in a room that sells food. */

const FIRST = [
  '小美',
  '阿强',
  '糖糖',
  '大宝',
  '晓峰',
  '阿珍',
  '豆豆',
  '老王',
  '小雨',
  '娜娜',
  '阿杰',
  '圆圆',
  '小北',
  '安安',
  '石头',
  '小米',
  '阿芳',
  '乐乐',
  '大海',
  '小满',
]
const SECOND = [
  '爱吃面',
  '不吃香菜',
  '今天也饿',
  '在上海',
  '减肥中',
  '的厨房',
  '要早睡',
  '加班中',
  '爱喝汤',
  '家有猫',
]
const ENGLISH = ['Mia', 'Leo', 'Ivy', 'Tom', 'Ada', 'Max', 'Zoe', 'Sam']

const COMMENTS = [
  '这个燕麦看起来真不错',
  '主播今天气色好好',
  '上次买的核桃全家都爱吃',
  '刚下班就赶过来了',
  '鸡蛋还有库存吗，想囤两箱',
  '这个价格比超市便宜多了',
  '已经下单了，等发货',
  '牛肉干是不是不太辣的那种',
  '看得我都饿了',
  '第一次来，先关注一下',
  '老顾客来报到',
  '麻烦再讲一下保质期',
  '孩子早餐就靠它了',
  '这锅汤炖了多久呀',
  '家里老人牙口不好能吃吗',
  '包装看着挺结实的',
  '上次的草莓很甜，这次还有吗',
  '拼单的举个手',
  '分享给我妈妈了',
  '希望多来点低糖的',
  '颜色好漂亮，切开看看',
  '这个配小米粥一定好吃',
  '已经等了半小时终于轮到它',
  '积分快够换燕麦了',
  'Looks delicious, just ordered two',
  'Is the sauce very spicy',
  'Greetings from Chengdu, love this show',
  'The oatmeal was great last time',
  'How fresh are the eggs today',
]
const QUESTIONS = [
  '请问发货要几天呢',
  '这款适合糖尿病人吗',
  '可以冷冻保存多久',
  '一箱大概有多少斤',
  '过敏体质能吃吗，有坚果吗',
  '新疆包邮吗',
  '两份可以分开寄吗',
  '和上一款有什么区别',
  'Do you ship on Sundays',
  'Is there a smaller pack',
]
/** Keeps one viewer from saying the same twice, as people do not. */
const ENDINGS = {
  zh: ['', '～', '！', '，期待', '，谢谢主播', '，支持', ' 👍', '，加油'],
  en: ['', '!', '!!', ', thanks', ', thank you', ' please', ' 👍', ' 🙏'],
}

type Random = () => number

export const pick = <T>(random: Random, list: readonly T[]): T => {
  const found = list[Math.floor(random() * list.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

export function nameOf(random: Random): string {
  if (random() < 0.12) return `${pick(random, ENGLISH)}${Math.floor(random() * 90) + 10}`
  return random() < 0.5
    ? `${pick(random, FIRST)}${pick(random, SECOND)}`
    : `${pick(random, FIRST)}${Math.floor(random() * 90) + 10}`
}

export function commentOf(random: Random): { text: string; question: boolean } {
  const question = random() < 0.25
  const line = pick(random, question ? QUESTIONS : COMMENTS)
  const ending = pick(random, /^[A-Z]/.test(line) ? ENDINGS.en : ENDINGS.zh)
  return { text: line + ending, question }
}
