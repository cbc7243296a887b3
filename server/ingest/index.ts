/** What merchants report by a queue: each message brought to the API, once, whoever dies on the way. */

export { Courier } from './courier.ts'
export { answerLines } from './lines.ts'
export { Consumer } from './stream.ts'
