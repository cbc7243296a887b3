/** What every reference says when it can be measured; the bench waits for it. */
export const READY_TEXT = 'reference is ready'

export function listening(token: unknown): void {
  if (!token) throw new Error('the port is taken')
  process.stdout.write(`${READY_TEXT}\n`)
}
