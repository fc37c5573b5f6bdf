import type { Figure } from './figure.js'
import { p2Figures } from './p2-figures.js'
import { p3Figures } from './p3-figures.js'
import { p4Figures } from './p4-figures.js'

/** Every figure that the demonstration reproduces, district by district, never added up. */
export const allFigures: readonly Figure[] = [...p2Figures, ...p3Figures, ...p4Figures]
