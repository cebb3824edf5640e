export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-strip-types.js' },
  reporters: ['default', '<rootDir>/scripts/jest-summary.js'],
  testTimeout: 30_000,
  // Modules of one suite stay in memory after it: a process that has run a hundred of them only collects garbage.
  maxWorkers: 2,
  workerIdleMemoryLimit: '600MB',
}
