import './app.ts'
import { followOrders } from './live.ts'
import { offerSelection } from './selection.ts'

followOrders()
offerSelection()
