import { answerParent } from './child-process.js'
import { LoadOrder, runLoad } from './http-load.js'

answerParent((order) => runLoad(LoadOrder.parse(order)))
