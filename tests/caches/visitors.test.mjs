// Two browsers behind one cache: the same copy of a page, and each its own consent.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { start } from '../browser/harness/site.mjs'
import { banner, decide, ready, until } from '../browser/harness/steps.mjs'
import { Visitor } from '../browser/harness/visitor.mjs'
import { nginx } from './proxies.mjs'

let site
before(async () => { site = await start('cached') })
after(() => site.stop())

const isAwake = page => page.evaluate(() => document.documentElement.dataset.awake === 'yes')
const made = page => page.locator('#made').innerText()

test('one accepts, the other refuses, and each page follows its own visitor', async t => {
  const cache = await nginx(t, site.origin)
  const open = async (visitor, path = '/articles/shared') => {
    // The browser must not use its own cache instead of the shared one.
    const devtools = await visitor.devtools()
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true })
    const answer = await visitor.page.goto(cache.url(path))
    return (await answer.allHeaders())['x-cache']
  }
  const [one, other] = [await Visitor.arrive(t), await Visitor.arrive(t)]
  assert.equal(await open(one), 'MISS')
  await banner(one.page).waitFor({ state: 'visible' })
  await decide(one.page, 'accept')
  await until('the gated script', () => isAwake(one.page))

  assert.notEqual(await open(other), undefined)
  await banner(other.page).waitFor({ state: 'visible' })
  assert.equal(await isAwake(other.page), false, 'the grant of one is no grant of another')
  await decide(other.page, 'refuse')
  for (const visitor of [one, other]) assert.deepEqual(await visitor.cookieNames(), ['consent'])

  await open(one)
  await until('the gated script', () => isAwake(one.page))
  await open(other)
  await ready(other.page)
  assert.equal(await isAwake(other.page), false)
  assert.equal(await banner(other.page).count(), 0)
  assert.equal(await made(one.page), await made(other.page), 'it is the same copy')

  // Ordinary pages are never stored: each visitor gets another response.
  for (const visitor of [one, other]) {
    assert.notEqual(await open(visitor, '/page'), 'HIT')
    assert.equal(await banner(visitor.page).count(), 0)
  }
  await until('the gated script', () => isAwake(one.page))
  assert.equal(await isAwake(other.page), false)
})
