import { createElement } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { App, Document } from './react.js'

const root = document.getElementById('app')
const page = location.pathname.split('/').pop()
hydrateRoot(root ?? document, createElement(root ? App : Document, { page }))
