export { Gateway, type GatewayOptions } from './gateway.ts'
export { createOriginCheck } from './origins.ts'
export { createTransport } from './transport.ts'
