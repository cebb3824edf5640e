// Lets jest run the same sources that Node runs: types are stripped, nothing else is changed.
import { createHash } from 'node:crypto'
import { stripTypeScriptTypes } from 'node:module'

process.removeAllListeners('warning') // type stripping is stable enough for us; the notice would come once a worker

export default {
  getCacheKey: (source, path) => createHash('sha1').update(process.version).update(path).update(source).digest('hex'),
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
}
