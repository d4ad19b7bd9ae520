// What the pages for programmers gain by script: keys, webhooks, usage.
import './app.ts'
import { readCharts } from './chart.ts'
import { offerCopies } from './copy.ts'

offerCopies()
readCharts()
