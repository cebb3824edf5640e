// What holds where the mapping file says nothing; the schema documents these and the compiler applies them.

export const DEFAULTS = {
  mode: 'live',
  exclusive: false,
  direction: 'both',
  unmapped: 'ignore',
  login: 'follow',
  startup: 'adopt',
  prefer: 'latest',
  window: '2s',
  from: 'offered',
  minItems: 1,
  wrapUp: true,
  releaseAfter: '0s',
  onOverride: 'reassert',
  writesPerMinute: 10,
  freeze: '60s',
  massLogout: '30%',
  confirmWithin: '10s',
  matchBy: 'email',
} as const
