import { render } from 'preact'
import { App } from './shell/app.tsx'
import './tokens.css'
import './base.css'
import './parts/parts.css'
import './shell/shell.css'

const root = document.getElementById('app')
if (root !== null) render(<App />, root)
