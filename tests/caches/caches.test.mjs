// With a real shared cache in front, no visitor gets a page of another visitor, whatever caching headers the
// application sends, and in any order of visitors. Without the layer, the same caches do give such pages to
// other visitors.

import assert from 'node:assert/strict'
import http from 'node:http'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { NAVIGATION, get } from '../browser/harness/fetch.mjs'
import { start } from '../browser/harness/site.mjs'
import { nginx, varnish } from './proxies.mjs'

const FETCH = { accept: '*/*', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }

/** A decision, and the answer to it. */
const post = (url, action) => new Promise((resolve, reject) => {
  const body = `action=${action}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length }
  http.request(url, { method: 'POST', headers }, response => {
    response.resume().on('end', () => resolve({ status: response.statusCode, headers: response.headers }))
  }).on('error', reject).end(body)
})

/** Who comes: by what they send, whether they are asked, and whether functionality is allowed. */
async function visitors(origin) {
  const decided = async action => {
    const { headers } = await post(`${origin}/consent`, action)
    return headers['set-cookie'].map(line => line.split(';')[0]).find(pair => pair.startsWith('consent='))
  }
  const [granted, refused] = [await decided('accept'), await decided('refuse')]
  return {
    undecided: { headers: {}, asked: true, allowed: false },
    granting: { headers: { cookie: granted }, asked: false, allowed: true },
    refusing: { headers: { cookie: refused }, asked: false, allowed: false },
    signalling: { headers: { cookie: granted, 'sec-gpc': '1' }, asked: false, allowed: false },
    signedIn: { headers: { cookie: `${granted}; sid=signedIn; visit=7` }, asked: false, allowed: true },
    // A client without Fetch Metadata that takes anything, and one that asks for pages.
    robot: { robot: true, headers: {}, asked: false, allowed: false },
    crawler: { robot: true, accept: 'text/html', headers: {}, asked: true, allowed: false },
  }
}

/** Asks as that visitor does: for a page, or by a script. */
async function ask(cache, name, visitor, address, byScript = false) {
  const kind = visitor.robot ? { accept: visitor.accept ?? '*/*' } : byScript ? FETCH : NAVIGATION
  const { status, headers, body } = await get(cache.url(address), { ...kind, ...visitor.headers, 'x-visitor': name })
  const cookies = headers['set-cookie'] ?? []
  return { status, headers, cookies, text: body.toString(), isHit: headers['x-cache'] === 'HIT' }
}

/** What is wrong with an answer that belongs to one visitor. */
function* faults(answer, name, visitor, path) {
  if (answer.isHit) yield 'it comes out of the cache'
  const owner = path === '/account' ? (name === 'signedIn' ? name : 'nobody') : name
  if (path === '/data') {
    const { visitor: whose, allowed } = JSON.parse(answer.text)
    if (whose !== name) yield `it is ${whose}'s data`
    if (allowed !== visitor.allowed) yield `it says that functionality is ${allowed ? '' : 'not '}allowed`
  } else if (!answer.text.includes(`for ${owner}`)) {
    yield `it is somebody else's body: ${/for \w+/.exec(answer.text)}`
  }
  for (const line of answer.cookies) {
    if (!/^[^=]+=;/.test(line) && !line.startsWith(`visit=${name};`)) yield `it sets ${line}`
    else if (line.startsWith('visit=') && !visitor.allowed && !/max-age=0/i.test(line)) yield `it sets ${line}`
  }
  if (path === '/page' || path === '/account') {
    const isAsked = answer.text.includes('id="consent-banner"')
    if (isAsked !== visitor.asked) yield isAsked ? 'it asks' : 'it does not ask'
    const isLive = answer.text.includes('<script data-consent="functionality" src="/awake.js">')
    if (isLive !== (visitor.allowed && !visitor.robot)) yield isLive ? 'it is live' : 'it is inert'
  }
}

/** Whether a page has the guard, and nothing that depends on a visitor. */
const isNeutral = text =>
  text.includes('data-consent-rules=') && !text.includes('id="consent-banner"') && !text.includes('<script data-consent="')

const PRIVATE = ['/page', '/account', '/data', '/set']

/** Every two visitors one after the other, at an address that nobody asked for before, and the first once more. */
async function* orders(people, path) {
  for (const [one, first] of Object.entries(people)) {
    for (const [other, second] of Object.entries(people)) {
      yield { address: `${path}?${one}-${other}`, turns: [[one, first], [other, second], [one, first]] }
    }
  }
}

/** Everything that visitors got of each other. */
async function leaks(cache, people) {
  const found = []
  for (const path of PRIVATE) {
    for await (const { address, turns } of orders(people, path)) {
      for (const [name, visitor] of turns) {
        const answer = await ask(cache, name, visitor, address, path === '/data')
        assert.equal(answer.status, 200, address)
        for (const fault of faults(answer, name, visitor, path)) found.push(`${address} for ${name}: ${fault}`)
      }
    }
  }
  return found
}

for (const [name, run] of Object.entries({ nginx, varnish })) {
  describe(`behind ${name}`, () => {
    let site
    before(async () => { site = await start('cached') })
    after(() => site.stop())
    const made = async () => Number((await get(site.url('/made'))).body)

    test('no visitor gets a page of another, in any order', async t => {
      const cache = await run(t, site.origin)
      assert.deepEqual(await leaks(cache, await visitors(site.origin)), [])
    })

    test('without the layer they do: this test can fail', async t => {
      const people = await visitors(site.origin)
      const bare = await start('cached', { WITHOUT_LAYER: '1' })
      t.after(() => bare.stop())
      const found = (await leaks(await run(t, bare.origin), people)).join('\n')
      for (const fault of ["it is somebody else's body", "it is undecided's data", 'it sets _ga=', 'it sets visit=undecided']) {
        assert.ok(found.includes(fault), `${fault}: ${found.slice(0, 2000)}`)
      }
    })

    test('neutral pages come from the cache, and are the same for every visitor', async t => {
      const cache = await run(t, site.origin)
      const people = await visitors(site.origin)
      const { robot, signedIn, ...others } = people
      for await (const { address, turns } of orders(others, '/articles/one')) {
        const answers = []
        for (const [name, visitor] of turns) answers.push(await ask(cache, name, visitor, address))
        assert.deepEqual(answers.map(({ isHit }) => isHit), [false, true, true], address)
        for (const { text, cookies } of answers) {
          assert.deepEqual(cookies, [])
          assert.ok(isNeutral(text), `${address} depends on a visitor`)
          assert.ok(text.includes('href="/consent"'), `${address} has no way to the settings`)
          assert.ok(text === answers[0].text, `${address} differs`)
        }
      }
      // A response for one visitor, or for a client that is no browser, is never stored, and does not affect
      // other visitors.
      for await (const { address, turns } of orders(people, '/articles/greeting')) {
        for (const [name, visitor] of turns) {
          const { text, isHit } = await ask(cache, name, visitor, address)
          assert.ok(!text.includes('for signedIn') || name === 'signedIn', `${address}: ${name} is greeted as another`)
          if (name !== 'robot') assert.ok(text.includes('data-consent-rules='), `${address}: ${name} goes without the guard`)
          if (isHit) assert.ok(isNeutral(text), `${address}: what is kept depends on a visitor`)
        }
      }
    })

    test('a neutral page is revalidated by the cache and by a browser', async t => {
      const cache = await run(t, site.origin)
      const { undecided, granting, refusing } = await visitors(site.origin)
      const first = await ask(cache, 'undecided', undecided, '/articles/short')
      // Caches count whole seconds.
      await sleep(2500)
      const before = await made()
      const second = await ask(cache, 'granting', granting, '/articles/short')
      assert.equal(await made(), before + 1, 'the application is asked')
      assert.ok(second.text === first.text, 'and says that nothing has changed')
      assert.match(second.headers['x-cache'], /REVALIDATED|HIT|MISS/)
      const third = await ask(cache, 'refusing', refusing, '/articles/short')
      assert.equal(third.isHit, true, 'and is not asked again')
      const tagged = { ...refusing, headers: { ...refusing.headers, 'if-none-match': first.headers.etag } }
      assert.equal((await ask(cache, 'refusing', tagged, '/articles/short')).status, 304)
    })

    test('files come from the cache; decisions and their forms never do', async t => {
      const cache = await run(t, site.origin)
      const people = await visitors(site.origin)
      const page = await ask(cache, 'undecided', people.undecided, '/page')
      const files = ['/site.css', ...page.text.match(/\/consent\/assets\/[\w.-]+/g)]
      assert.ok(files.length > 1, files.join())
      for (const file of files) {
        const answers = []
        for (const [name, visitor] of Object.entries(people)) answers.push(await ask(cache, name, visitor, file, true))
        assert.ok(answers.slice(1).every(({ isHit }) => isHit), file)
        assert.ok(answers.every(({ text, cookies }) => text === answers[0].text && cookies.length === 0), file)
      }
      for (const path of ['/consent', '/consent/banner']) {
        for await (const { address, turns } of orders(people, path)) {
          for (const [name, visitor] of turns) {
            const answer = await ask(cache, name, visitor, address)
            assert.equal(answer.isHit, false, `${address} for ${name}`)
            const asks = answer.text.includes('id="consent-banner"')
            assert.equal(path === '/consent/banner' && asks, path === '/consent/banner' && (visitor.asked || name === 'robot'))
          }
        }
      }
      for (const action of ['accept', 'refuse', 'accept']) {
        const { status, headers } = await post(cache.url('/consent'), action)
        assert.equal(status, 303)
        assert.match(headers['set-cookie'][0], action === 'accept' ? /functionality:g/ : /functionality:r/)
      }
    })
  })
}
