import type { ListNames, RunLines } from './ports.js'
import type { Table } from './table.js'

/** What a list of a run is called: a subsidy, and a single campaign, stand in the title. */
export function runTitle(
  of: { readonly lines: RunLines; readonly names: ListNames },
  list: Pick<Table, 'titleZh' | 'titleEn'>,
): Pick<Table, 'titleZh' | 'titleEn'> {
  const { kind, period, programmes } = of.lines
  const [programme, ...others] = programmes
  const isCampaign = kind === 'one-off' && programme !== undefined && others.length === 0
  const campaign = isCampaign ? of.names.programme(programme) : ''
  const what = kind === 'price-subsidy' ? { zh: '物价补贴', en: 'Price subsidy: ' } : null
  return {
    titleZh: `${what?.zh ?? campaign}${list.titleZh} ${period}`,
    titleEn: `${what?.en ?? ''}${list.titleEn} ${period}`,
  }
}
