// The script of every page of the desk, beside the page's own: keys, rows that are walked by keys, regions that keep themselves up to date.
import { listenForKeys } from './keys.ts'
import { followRegions } from './live-regions.ts'
import { walkRows } from './rows.ts'

listenForKeys()
walkRows()
followRegions()
