// Whose turn it is when calls must wait (R24), and which part of a minute's calls each class may use up.

/** `write`: a write of which nobody said how urgent it is: as good as a block. `stream`: what opens the stream of events. */
export const CALL_CLASSES = ['block', 'write', 'stream', 'release', 'comfort', 'read'] as const
export type CallClass = (typeof CALL_CLASSES)[number]

/**
 * The part of a minute's calls that this class and all after it may use up together. What they leave is the reserve of those before: a
 * shift change or a reading of everybody never takes the last calls from the write that takes an agent out of the queue.
 */
export const SHARES: Readonly<Record<CallClass, number>> = {
  block: 1,
  write: 1,
  stream: 0.95,
  release: 0.95,
  comfort: 0.9,
  read: 0.8,
}
