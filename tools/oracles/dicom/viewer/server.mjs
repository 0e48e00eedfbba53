// OHIF's built files and the archive's DICOMweb under one address, on loopback alone.
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'

const TYPES = {
  '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.html': 'text/html',
  '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml', '.woff2': 'font/woff2'
}
const SETTINGS = {
  routerBasename: null, extensions: [], modes: [], customizationService: {}, showStudyList: true,
  maxNumberOfWebWorkers: 2, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false,
  showLoadingIndicator: true, strictZSpacingForVolumeViewport: true, defaultDataSourceName: 'archive',
  dataSources: [{
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'archive',
    configuration: {
      friendlyName: 'archive', name: 'archive', wadoUriRoot: '/wado', qidoRoot: '/dicom-web',
      wadoRoot: '/dicom-web', qidoSupportsIncludeField: false, imageRendering: 'wadors',
      thumbnailRendering: 'wadors', enableStudyLazyLoad: true, supportsFuzzyMatching: false,
      supportsWildcard: true, omitQuotationForMultipartRequest: true, dicomUploadEnabled: false,
      bulkDataURI: { enabled: true }
    }
  }]
}

/** Serves `folder` and passes the archive's paths on; returns the server. */
export function serve(folder, archive, port) {
  const server = http.createServer((asked, answer) => {
    const url = new URL(asked.url, 'http://x')
    answer.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    answer.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    if (/^\/(dicom-web|wado)/.test(url.pathname)) {
      const target = new URL(archive)
      const passed = http.request(
        { host: target.hostname, port: target.port, path: asked.url, method: asked.method, headers: asked.headers },
        got => { answer.writeHead(got.statusCode, got.headers); got.pipe(answer) })
      passed.on('error', () => { answer.writeHead(502); answer.end() })
      asked.pipe(passed)
    } else if (url.pathname === '/app-config.js') {
      answer.setHeader('Content-Type', 'text/javascript')
      answer.end('window.config=' + JSON.stringify(SETTINGS))
    } else {
      let file = path.join(folder, path.normalize(url.pathname))
      if (!file.startsWith(folder) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
        file = path.join(folder, 'index.html')
      }
      answer.setHeader('Content-Type', TYPES[path.extname(file)] || 'application/octet-stream')
      fs.createReadStream(file).pipe(answer)
    }
  })
  return server.listen(port, '127.0.0.1')
}
