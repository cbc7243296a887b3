/** Epochs that were left: what still arrives from them is not believed. */

import { LEFT_EPOCHS_MAX } from './limits.ts'

export function createEpochs() {
  const left = new Set<string>()
  let current: string | undefined
  return {
    left: left as ReadonlySet<string>,
    /** Makes `epoch` the present one; true where another had been. */
    enter(epoch: string): boolean {
      const before = current
      current = epoch
      left.delete(epoch)
      if (before === undefined || before === epoch) return false
      left.add(before)
      const [oldest] = left
      if (left.size > LEFT_EPOCHS_MAX && oldest !== undefined) left.delete(oldest)
      return true
    },
    forget(): void {
      left.clear()
      current = undefined
    },
  }
}
