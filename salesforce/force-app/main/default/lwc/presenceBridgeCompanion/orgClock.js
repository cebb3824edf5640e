// What time it is in Salesforce, seen from a browser whose own clock may be wrong. The bridge takes tokens only while its clock and
// Salesforce's are close together, so this is also the bridge's time, to within some seconds.

export function createOrgClock(clock) {
  // Until the org told its time, the browser's own is all there is.
  let aheadMs = 0

  return {
    /**
     * The org answered `told` (ms since 1970) to a question that was asked at `askedAt` of the browser's clock. It read its clock at some time
     * after that: taking the earliest gives the latest time that it can be there now. A command is then held for expired too early by the
     * length of one request, never too late.
     */
    heard({ told, askedAt }) {
      if (Number.isFinite(told)) aheadMs = told - askedAt
    },
    now: () => clock.now() + aheadMs,
  }
}
