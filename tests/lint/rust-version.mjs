// Checks the declared rust-version: nothing that a published crate links asks for a later one. (What the crates call
// themselves, clippy's incompatible_msrv checks.) Reads the output of `cargo metadata --all-features`.
import { readFileSync } from 'node:fs'

const { packages, resolve, workspace_members: members } = JSON.parse(readFileSync(0, 'utf8'))
const byId = new Map(packages.map(found => [found.id, found]))
const nodes = new Map(resolve.nodes.map(node => [node.id, node]))
const number = version => version.split('.').reduce((sum, part, index) => sum + Number(part) * 1000 ** (2 - index), 0)

const published = members.map(id => byId.get(id)).filter(({ publish }) => publish === null)
const seen = new Set(published.filter(({ name }) => name.startsWith('consent-')).map(({ id }) => id))
for (const id of seen) {
  for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) if (kinds.some(({ kind }) => kind !== 'dev')) seen.add(pkg)
}
const declared = Math.min(...published.map(({ rust_version: version }) => number(version)))
const later = [...seen].map(id => byId.get(id)).filter(({ rust_version: version }) => version && number(version) > declared)
for (const { name, version, rust_version: needed } of later) console.error(`${name} ${version} needs Rust ${needed}`)
console.log(`${seen.size} linked packages`)
process.exitCode = later.length > 0 || seen.size < 10 ? 1 : 0
