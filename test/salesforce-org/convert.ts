// Run by itself: turns the org package into what is deployed, with Salesforce's own library, and prints what was found as JSON. Apart from the
// tests because that library brings loggers and timers that jest cannot put away. It may not touch the network: every attempt is counted.

import { Socket } from 'node:net'
import { ComponentSet, MetadataConverter } from '@salesforce/source-deploy-retrieve'

const [source, target] = process.argv.slice(2)
if (source === undefined || target === undefined) throw new Error('give the source folder and an empty one')

let connections = 0
Socket.prototype.connect = () => {
  connections += 1
  throw new Error('no network here')
}

const set = ComponentSet.fromSource(source)
set.sourceApiVersion = '67.0'
await new MetadataConverter().convert(set, 'metadata', {
  type: 'directory',
  outputDirectory: target,
  genUniqueDir: false,
})
const components = [...set.getSourceComponents()].map((component) => ({
  type: component.type.name,
  name: component.fullName,
  files: [component.xml, ...component.walkContent(), ...component.getChildren().map(({ xml }) => xml)],
}))
process.stdout.write(JSON.stringify({ components, connections }), () => process.exit(0))
