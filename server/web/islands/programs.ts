// The script of the pages for programmers: keys, webhooks, usage.
import './app.ts'
import { readCharts } from './chart.ts'
import { offerCopies } from './copy.ts'

offerCopies()
readCharts()
