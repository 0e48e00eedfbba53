// Opens a study in OHIF in a headless Chromium, loads its SEG, prints how many pixels of each segment lie
// on which image, and takes a screenshot.
//   npm install --ignore-scripts; tar -xzf "$(npm pack --silent @ohif/app@3.13.2)"
//   ORTHANC=http://127.0.0.1:18042 node look.mjs STUDY_UID "SEG SERIES DESCRIPTION" OUT.png [SLICE]
// Needs Debian's chromium; archive.py starts an archive. OHIF_DIST is the folder of OHIF's built files,
// package/dist by default; its dependencies are in there, so nothing else of it is installed. The printed JSON is an array of
// [InstanceNumber, SOPInstanceUID, {segment: pixels}], one for each image with labels.
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { serve } from './server.mjs'

const PORT = 18080
const [study, description, out, slice] = process.argv.slice(2)
const dist = path.resolve(process.env.OHIF_DIST || 'package/dist')
if (!fs.existsSync(path.join(dist, 'index.html'))) throw new Error('OHIF is not built in ' + dist)
const server = serve(dist, process.env.ORTHANC || 'http://127.0.0.1:18042', PORT)
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist']
})
const page = await browser.newPage({ viewport: { width: 1400, height: 850 } })
page.on('pageerror', e => console.error('page error', String(e).slice(0, 300)))
const text = async () => (await page.evaluate(() => document.body.innerText)).replace(/\n+/g, ' | ')
const click = async name => {
  const found = page.getByText(name, { exact: true })
  if (await found.count()) await found.first().click().catch(() => {})
}

await page.goto(`http://127.0.0.1:${PORT}/segmentation?StudyInstanceUIDs=${study}`)
await page.getByText(description, { exact: true }).first().waitFor({ timeout: 60000 })
await page.waitForTimeout(4000)
for (const name of ['Skip all', 'Confirm and hide']) await click(name)
await page.getByText(description, { exact: true }).first().dblclick()
await page.waitForTimeout(6000)
for (const name of ['Yes', 'Load', 'Confirm']) await click(name)
await page.waitForTimeout(6000)

await page.locator('.cornerstone-viewport-element').first().hover()
for (let n = 0; slice && n < 200; n++) {
  const shown = (await text()).match(/\((\d+)\/(\d+)\)/)
  if (!shown || +shown[1] === +slice) break
  await page.mouse.wheel(0, +shown[1] < +slice ? 100 : -100)
  await page.waitForTimeout(150)
}
await page.waitForTimeout(1000)
await page.screenshot({ path: out })

const labels = await page.evaluate(() => {
  const found = []
  for (const segmentation of window.cornerstoneTools.segmentation.state.getSegmentations()) {
    for (const id of segmentation.representationData.Labelmap?.imageIds || []) {
      const image = window.cornerstone.cache.getImage(id)
      const counts = {}
      image.voxelManager.getScalarData().forEach(value => { if (value) counts[value] = (counts[value] || 0) + 1 })
      if (!Object.keys(counts).length) continue
      const source = window.cornerstone.metaData.get('instance', image.referencedImageId)
      found.push([+source?.InstanceNumber, source?.SOPInstanceUID, counts])
    }
  }
  return found
})
console.log(JSON.stringify(labels))
await browser.close()
server.close()
