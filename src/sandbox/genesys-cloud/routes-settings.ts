// REST: settings of the organisation.

import type { Hono } from 'hono'
import type { GenesysModel } from './model.ts'

export function addSettingsRoutes(app: Hono, model: GenesysModel): void {
  app.get('/api/v2/presence/settings', (context) =>
    context.json({
      requestingOffQueueEnabled: model.requestingOffQueue,
      restorePresenceSettings: { enabled: true, restoreTimeMilliseconds: 60_000, restoreOnQueueEnabled: true },
      defaultPrimaryPresenceRegisteredSourceId: 'PURECLOUD',
    }),
  )
}
