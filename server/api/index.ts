/** HTTP for merchants' servers, for our pages, and for those who watch the service. */

export { type Api, createApi, createWatch } from './api.ts'
export { asyncapi } from './asyncapi.ts'
export type {
  ApiDeps,
  Check,
  Crowd,
  Site,
} from './deps.ts'
export { type Listening, listen, perAddressMax } from './listen.ts'
export { openapi } from './openapi.ts'
export { loadPages, type Pages } from './pages.ts'
