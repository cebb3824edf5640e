// The page on a bridge that runs, between the stand-in platforms: what it shows is what they show, and orders from it reach them.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { eventually, type Floor, openFloor } from '../e2e/harness.ts'
import { SCENARIO_B } from '../e2e/mappings.ts'
import type { Agent } from '../e2e/person.ts'
import { OPS_TOKEN } from '../e2e/settings-file.ts'
import { launch, type Visit, visit } from './browser.ts'

const MAPPING = SCENARIO_B.replace('mapped:\n', 'mapped:\n  - { crm: Lunch, telephony: Meal }\n')
const WITHIN = { timeout: 8_000 }
let floor: Floor
let browser: Browser
let visited: Visit
let ada: Agent

beforeAll(async () => {
  floor = await openFloor({ mapping: MAPPING })
  ada = floor.agent(0)
  ada.inCrm('On_Queue')
  ada.inTelephony('On Queue')
  await floor.start()
  browser = await launch()
  visited = await visit(browser, `http://127.0.0.1:${floor.ports.ops}/`)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await floor?.close()
})

test('a status that somebody chooses and the one that follows from it are on the board', async () => {
  const { page } = visited
  const status = (side: string) => page.locator(`.grid-rows .status-${side} .status`)
  await status('crm').getByText('On Queue').waitFor(WITHIN)
  ada.inTelephony('Meal')
  await status('telephony').getByText('Meal').waitFor(WITHIN)
  await status('crm').getByText('Lunch').waitFor(WITHIN)
  expect(visited.wrong).toEqual([])
})

test('her page has her sentence, the rule, the timeline with the write, and the mapping is the one in force', async () => {
  const { page } = visited
  await page.locator('.who a').first().click()
  await page.getByText('- { crm: Lunch, telephony: Meal }').first().waitFor(WITHIN)
  const drawing = page.getByRole('group', { name: 'Both sides over time' })
  await drawing.getByRole('button', { name: /Lunch written in CRM: confirmed/ }).waitFor(WITHIN)
  await page.keyboard.press('5')
  await page
    .getByRole('region', { name: 'The CRM, what each status leads to' })
    .getByText('sets Meal — line')
    .waitFor(WITHIN)
  expect(visited.wrong).toEqual([])
})

test('what was missed is found when an admin has both sides read again, and the sync log says who asked', async () => {
  const { page } = visited
  const { faults } = floor.centre.genesys.server
  faults.loseEvents(true)
  ada.inTelephony('On Queue')
  faults.loseEvents(false)
  await page.keyboard.press('1')
  await page.locator('.who a').first().click()
  await page.getByRole('button', { name: 'Resync' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('she says so')
  await dialog.getByLabel('Your name').fill('Olivia')
  await dialog.getByLabel('Token').fill(OPS_TOKEN)
  await dialog.getByRole('button', { name: /^Resync/ }).click()
  await page.getByText('done for 1 agent').waitFor(WITHIN)
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'On Queue' }))
  await page
    .getByText(/read again by Olivia \(she says so\)/)
    .first()
    .waitFor(WITHIN)
  expect(visited.wrong).toEqual([])
})
