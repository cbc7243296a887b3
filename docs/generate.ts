/** Files made from the program: `npm run generate` writes them, `generate.test.ts` fails when one is stale. */

import { asyncapi, openapi } from '../server/api/index.ts'
import { renderEnvExample } from '../server/config/documents.ts'

/** Path from the top folder, and what belongs there. */
export const generated: Readonly<Record<string, () => string>> = {
  '.env.example': renderEnvExample,
  'docs/generated/asyncapi.json': asyncapi,
  'docs/generated/openapi.json': openapi,
}
