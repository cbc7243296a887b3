/** The route table: dispatch and OpenAPI derive from it. */

import type { Route } from '../route.ts'
import { accountRoutes } from './accounts.ts'
import { checkoutRoutes } from './checkout.ts'
import { demoShopRoutes } from './demo-shop.ts'
import { identityRoutes } from './identities.ts'
import { inviteRoutes } from './invites.ts'
import { mergeRoutes } from './merges.ts'
import { operatorRoutes } from './operators.ts'
import { orderRoutes } from './orders.ts'
import { pickupRoutes } from './pickup.ts'
import { playRoutes } from './play.ts'
import { privilegeRoutes } from './privileges.ts'
import { redemptionRoutes } from './redemptions.ts'
import { rewardRoutes } from './rewards.ts'
import { roomRoutes } from './rooms.ts'
import { rulebookRoutes } from './rulebook.ts'
import { draftRoutes } from './rulebook-draft.ts'
import { serviceRoutes } from './service.ts'
import { ticketRoutes } from './tickets.ts'
import { walletRoutes } from './wallets.ts'
import { webhookRoutes } from './webhooks.ts'

export { gatewayUrl } from './service.ts'

export const routes: readonly Route[] = [
  ...serviceRoutes,
  ...demoShopRoutes,
  ...ticketRoutes,
  ...roomRoutes,
  ...playRoutes,
  ...operatorRoutes,
  ...accountRoutes,
  ...walletRoutes,
  ...checkoutRoutes,
  ...identityRoutes,
  ...orderRoutes,
  ...inviteRoutes,
  ...mergeRoutes,
  ...privilegeRoutes,
  ...rewardRoutes,
  ...redemptionRoutes,
  ...pickupRoutes,
  ...rulebookRoutes,
  ...draftRoutes,
  ...webhookRoutes,
]
