/** The one with the fewest edits to `name`: what somebody probably meant. */
export function nearest(name: string, known: readonly string[]): string {
  let best = { name: '', edits: Infinity }
  for (const one of known) {
    const edits = editDistance(name, one)
    if (edits < best.edits) best = { name: one, edits }
  }
  return best.name
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
