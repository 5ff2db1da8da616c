// Tests of the harness: each of its checks can fail.

import assert from 'node:assert/strict'
import http from 'node:http'
import { test } from 'node:test'
import { until } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

async function serve(t, answer) {
  const server = http.createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    answer(request, response)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${server.address().port}/`
}

test('a violation of the content security policy is collected', async t => {
  const address = await serve(t, (_, response) => {
    response.setHeader('content-security-policy', "script-src 'self'")
    response.end('<!doctype html><title>x</title><script>1</script>')
  })
  const visitor = await Visitor.arrive(t)
  await visitor.page.goto(address)
  await until('the report', () => /script-src/.test(visitor.reports.join()))
  visitor.reports.length = 0
})

test('a violation of Trusted Types is collected, and an uncaught error', async t => {
  const address = await serve(t, (_, response) => {
    response.setHeader('content-security-policy', "require-trusted-types-for 'script'")
    response.end('<!doctype html><title>x</title><body><script>document.body.innerHTML = "x"</script>')
  })
  const visitor = await Visitor.arrive(t)
  await visitor.page.goto(address)
  for (const report of [/trusted/i, /uncaught/]) await until(report, () => report.test(visitor.reports.join()))
  visitor.reports.length = 0
})

test('the jar shows cookies that no script and no other path sees, also after a restart', async t => {
  const address = await serve(t, (_, response) => {
    response.setHeader('set-cookie', [
      'seen=1; Max-Age=1000',
      'hidden=1; HttpOnly; Path=/elsewhere; Max-Age=1000',
      '__Host-secure=1; Secure; Path=/; Max-Age=1000',
      'session=1',
    ])
    response.end('<!doctype html><title>x</title>')
  })
  const [visitor, other] = [await Visitor.arrive(t, { restarts: true }), await Visitor.arrive(t)]
  for (const { page } of [visitor, other]) await page.goto(address)
  for (const each of [visitor, other]) {
    assert.deepEqual(await each.cookieNames(), ['__Host-secure', 'hidden', 'seen', 'session'])
  }
  const third = await Visitor.arrive(t)
  assert.deepEqual(await third.cookieNames(), [], 'every visitor has a jar of their own')
  await visitor.restart()
  assert.deepEqual(await visitor.cookieNames(), ['__Host-secure', 'hidden', 'seen'])
})

test('scripts can be off, and cookies blocked', async t => {
  const address = await serve(t, (_, response) => {
    response.setHeader('set-cookie', 'seen=1')
    response.end('<!doctype html><title>x</title><script>document.title = "ran"</script>')
  })
  const plain = await Visitor.arrive(t, { javaScript: false })
  await plain.page.goto(address)
  assert.equal(await plain.page.title(), 'x')
  assert.deepEqual(await plain.cookieNames(), ['seen'])
  const blocked = await Visitor.arrive(t, { cookiesBlocked: true })
  await blocked.page.goto(address)
  assert.equal(await blocked.page.title(), 'ran')
  assert.deepEqual(await blocked.cookieNames(), [])
})
