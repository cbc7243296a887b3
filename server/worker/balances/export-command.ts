/** `npm run export`: the balances of a brand as CSV, on standard output. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { type ExportOptions, exportRows } from './export.ts'

const USAGE = 'export --brand B > balances.csv   one row for each account of the brand\n'

export interface ExportCommandDeps {
  /** Brands that have keys. */
  brands: readonly string[]
  open(brand: string): Promise<ExportOptions & { close(): Promise<void> }>
}

/** Answers the exit code: 2 where the arguments are wrong. */
export async function exportCommand(
  argv: readonly string[],
  deps: ExportCommandDeps,
  { out, errors }: { out: NodeJS.WritableStream; errors: NodeJS.WritableStream },
): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { brand: { type: 'string' } } })
  if (values.brand === undefined || !deps.brands.includes(values.brand)) {
    errors.write(USAGE)
    errors.write(`brands with keys: ${deps.brands.join(', ')}\n`)
    return 2
  }
  const { close, ...options } = await deps.open(values.brand)
  try {
    await pipeline(Readable.from(exportRows(options)), out, { end: false })
  } finally {
    await close()
  }
  return 0
}
