// What cannot be done with a story or a question about a mapping file.

/** The message is a plain sentence for whoever asked. */
export class StoryError extends Error {
  override readonly name = 'StoryError'
}
