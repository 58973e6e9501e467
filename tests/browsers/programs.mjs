// Finds the browsers beside Chromium, or fetches them where Debian's packages can be installed.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages, isProgram } from '../browser.mjs';

/** @typedef {{ driver: string, browser: string, screen: string }} WebKit */

/** @returns {string | undefined} the path of a Firefox on this computer */
export function findFirefox() {
  return process.env.FIREFOX_PATH ?? inPath('firefox-esr') ?? inPath('firefox');
}

/** @returns {WebKit | undefined} WebKitGTK's driver, its MiniBrowser, and what gives them a screen in memory */
export function findWebKit() {
  const driver = inPath('WebKitWebDriver');
  const screen = inPath('xvfb-run');
  const browser = miniBrowsers.find(existsSync);
  return driver && screen && browser ? { driver, screen, browser } : undefined;
}

/**
 * Fetches what is missing where it can.
 * @returns {string[]} for each browser that is not there all the same: what is not tried, and what to do
 */
export function ensureOtherBrowsers() {
  const missing = [
    ...(findFirefox() ? [] : ['firefox-esr']),
    ...(findWebKit() ? [] : ['webkit2gtk-driver', 'xvfb', 'xauth'])
  ];
  if (missing.length > 0) installPackages(missing);
  return [
    ...(findFirefox()
      ? []
      : [
          'the journey in Firefox: there is none here. Debian: apt-get install firefox-esr; else FIREFOX_PATH=/path npm test'
        ]),
    ...(findWebKit()
      ? []
      : ['the journey in WebKit: it needs WebKitGTK’s driver. Debian: apt-get install webkit2gtk-driver xvfb xauth'])
  ];
}

const miniBrowsers = ['x86_64', 'aarch64'].flatMap((machine) =>
  ['4.1', '4.0', '6.0'].map((version) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-${version}/MiniBrowser`)
);

/** @param {string} name */
function inPath(name) {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}
