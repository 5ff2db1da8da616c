import { createElement } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { App, Document } from './react.js'

/** The content of the element `app`. */
export const render = page => renderToString(createElement(App, { page }))

/** Streams a whole document into a response of Node. */
export const stream = (page, response, script) => {
  const { pipe } = renderToPipeableStream(createElement(Document, { page }), {
    bootstrapModules: [script],
    onShellReady: () => pipe(response),
    onError: error => response.destroy(error),
  })
}
