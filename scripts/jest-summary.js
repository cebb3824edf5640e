// Ends every test run with one plain line that scripts can read: "N passed, N failed".
// It is printed on exit, because jest's own summary comes after every other reporter.
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests > 0 ? `${results.numPendingTests} skipped, for want of a tool\n` : ''
    process.on('exit', () => process.stdout.write(`${skipped}${results.numPassedTests} passed, ${failed} failed\n`))
  }
}
