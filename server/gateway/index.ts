export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts'
export { createTransport } from './transport.ts'
