// The cookies that real browsers store for the unusual headers in `tests/corpus/set-cookie.txt`. Behind the
// layer, they store all that the policy allows and nothing else. Without the layer, they store more.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { get } from '../harness/fetch.mjs'
import { start } from '../harness/site.mjs'
import * as jars from './jars.mjs'

/** As many as the server has. */
const LANES = 20

const DAY = 86_400
/** The names of `tests/corpus/policy.toml`, with the seconds that each may stay: none is the session. */
const DECLARED = {
  theme: 400 * DAY,
  brief: 3600,
  visit: null,
  mode: 30 * DAY,
  wide: 30 * DAY,
  app: 30 * DAY,
  chips: 30 * DAY,
  '__Host-p': 30 * DAY,
  '__Secure-p': 30 * DAY,
  '__Http-p': 30 * DAY,
  '__Host-Http-p': 30 * DAY,
  sid: null,
}
const PATTERN = /^pref_[!#$%&'*+.^_`|~0-9A-Za-z-]*$/

const isDeclared = name => Object.hasOwn(DECLARED, name) || PATTERN.test(name)
const lifetime = name => (PATTERN.test(name) ? 30 * DAY : DECLARED[name])

/** What must be in the jar of who granted: values by names. Nothing where browsers differ. */
function required(answer) {
  const jar = new Map()
  for (const { expected, name, value } of answer.lines) {
    if (expected === 'differ') return
    if (expected === 'keep') jar.set(Buffer.from(name).toString(), Buffer.from(value).toString())
    if (expected === 'gone') jar.delete(Buffer.from(name).toString())
  }
  return jar
}

const pairs = cookies => cookies.map(({ name, value }) => `${name}=${value}`).sort()
const where = cookies =>
  cookies
    .map(({ name, value, path, domain }) => `${name}=${value} at ${domain.startsWith('.') ? '*' : ''}${path}`)
    .sort()

/**
 * Gives every answer to all three visitors and calls `check` with what the jar then holds of it. Returns how many
 * cookies could not be cleared.
 */
async function run(t, browser, corpus, port, check) {
  const jar = await jars[browser](t)
  const visitors = ['granted', 'refused', 'bare']
  const pages = await Promise.all(visitors.map(visitor => jar.open(`http://${visitor}.localhost:${port}/`)))
  const address = (visitor, lane, path) => `http://www.a${lane}.${visitor}.localhost:${port}/set/${path}`
  const left = new Set()
  for (let at = 0; at < corpus.length; at += LANES) {
    const batch = corpus.slice(at, at + LANES)
    const statuses = await Promise.all(visitors.map((visitor, of) =>
      pages[of](batch.map((answer, lane) => address(visitor, lane, answer.number)))))
    assert.deepEqual(statuses, visitors.map(() => batch.map(() => 204)), 'every answer arrives')
    const held = (await jar.read()).filter(cookie => !left.has(JSON.stringify(cookie)))
    const ofLanes = batch.map((answer, lane) => {
      const [granted, refused, bare] = visitors.map(visitor => {
        const domain = `a${lane}.${visitor}.localhost`
        return held.filter(cookie => [`www.${domain}`, `.${domain}`, `.www.${domain}`].includes(cookie.domain))
      })
      check(answer, { granted, refused, bare })
      return granted.length + refused.length + bare.length
    })
    assert.equal(ofLanes.reduce((all, count) => all + count, 0), held.length, 'every cookie is of one answer')
    await jar.clear()
    for (const cookie of await jar.read()) left.add(JSON.stringify(cookie))
  }
  return left.size
}

for (const browser of ['chromium', 'firefox']) {
  const skip = browser === 'firefox' && process.env.WITHOUT_FIREFOX === '1' && 'left out by --without-firefox'
  test(`${browser} stores all that the policy allows and nothing else`, { skip }, async t => {
    const site = await start('corpus')
    t.after(() => site.stop())
    const { body } = await get(site.url('/corpus'))
    const corpus = JSON.parse(body).map((answer, number) => ({ ...answer, number }))
    const served = corpus.filter(answer => answer.lines.every(line => line.fits))
    assert.ok(served.length >= 900, `${served.length} answers`)

    const wrong = []
    const seen = { kept: 0, undeclared: new Set(), stopped: 0 }
    const port = new URL(site.origin).port
    const left = await run(t, browser, served, port, (answer, { granted, refused, bare }) => {
      const must = (holds, what) => holds || wrong.push(`${answer.source}: ${what}`)
      const now = Date.now() / 1000
      for (const { name, expires } of [...granted, ...refused]) {
        must(isDeclared(name), `${JSON.stringify(name)} is stored and not declared`)
        const most = lifetime(name)
        must(expires === null || (most !== null && expires <= now + most + 60), `${name} stays until ${expires}`)
      }
      const exempt = where(granted.filter(({ name }) => name === 'sid'))
      must(where(refused).join('\n') === exempt.join('\n'), `after a refusal ${where(refused)} instead of ${exempt}`)

      const expected = required(answer)
      if (expected) {
        const text = [...expected].map(([name, value]) => `${name}=${value}`).sort()
        must(pairs(granted).join('\n') === text.join('\n'), `${where(granted)} instead of ${text}`)
      }
      // A kept header is stored in the same place as without the layer.
      if (answer.lines.every(line => line.expected !== 'drop')) {
        const allowed = where(bare.filter(({ name }) => isDeclared(name)))
        must(where(granted).join('\n') === allowed.join('\n'), `${where(granted)}, and ${allowed} without the layer`)
      }
      seen.kept += granted.length
      seen.stopped += bare.length - granted.length
      for (const { name } of bare) if (!isDeclared(name)) seen.undeclared.add(answer.number)
    })
    t.diagnostic(
      `${served.length} answers (${corpus.length - served.length} more that no header holds): ${seen.kept} cookies stored ` +
        `behind the layer; without it ${seen.stopped} more, with undeclared names after ${seen.undeclared.size} answers; ` +
        `${left} could not be cleared`,
    )
    assert.deepEqual(wrong, [])
    assert.ok(seen.kept > 300, 'a jar that holds nothing would show nothing')
    assert.ok(seen.undeclared.size > 250, 'without the layer, undeclared names are stored')
  })
}
