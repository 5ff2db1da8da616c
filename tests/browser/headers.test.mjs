// Headers other than Set-Cookie that make a browser store or send something.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { start } from './harness/site.mjs'
import { decide, withdraw } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

describe('other headers', () => {
  let site
  before(async () => { site = await start('headers') })
  after(() => site.stop())

  /** The client hints that the browser sends with its next request, besides those that it sends to everybody. */
  const hints = async page => {
    const sent = await page.evaluate(async () => (await fetch('/sent', { cache: 'no-store' })).text())
    const always = ['sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform']
    return sent.split(' ').filter(name => /^sec-ch-|^device-memory$/.test(name) && !always.includes(name))
  }

  test('client hints are sent while they are granted, and neither before nor after', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    await page.goto(site.url('/'))
    assert.deepEqual(await hints(page), [], 'nobody was asked yet')
    await decide(page, 'accept')
    await page.goto(site.url('/'))
    assert.deepEqual(await hints(page), ['sec-ch-ua-model'], 'what is declared, and nothing else that was asked for')

    await withdraw(page)
    await page.goto(site.url('/'))
    assert.deepEqual(await hints(page), [], 'the browser forgets what it was asked for')
  })

  test('a service worker is installed while it is granted, and an undeclared one never', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    const install = path => page.evaluate(async path => {
      try {
        await navigator.serviceWorker.register(path)
        return 'installed'
      } catch (error) {
        return String(error)
      }
    }, path)
    await page.goto(site.url('/'))
    assert.match(await install('/worker.js'), /403/)
    await decide(page, 'accept')
    assert.equal(await install('/worker.js'), 'installed')
    assert.match(await install('/stranger.js'), /403/)
  })
})
