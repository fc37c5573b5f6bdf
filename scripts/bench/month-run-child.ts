import { answerParent } from './child-process.js'
import { RunOrder, runMonth } from './month-run.js'

answerParent((order) => runMonth(RunOrder.parse(order)))
