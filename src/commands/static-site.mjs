import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import adapter from '@sveltejs/adapter-static';
import { headersOf, readHeaderRules } from './headers.mjs';

/** The script that starts the app; the service worker keeps it by this name. */
export const bootScript = '_app/boot.js';

/**
 * The static adapter, then: the inline script of index.html moves to a file, so that the policy can be `script-src 'self'`
 * with no hash that changes at each build, and the policy is repeated as a <meta> for hosts that set no headers.
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function staticSite() {
  const site = adapter({ fallback: 'index.html' });
  return {
    ...site,
    name: 'static-site',
    async adapt(builder) {
      await site.adapt(builder);
      const { html, script } = withoutInlineScript(readFileSync('build/index.html', 'utf8'));
      const scripts = readdirSync('build/_app/immutable', { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.js'))
        .map((file) => readFileSync(join('build/_app/immutable', file), 'utf8'));
      checkStarts(script, scripts);
      writeFileSync(join('build', bootScript), script);
      writeFileSync('build/index.html', withPolicy(html, headersOf(readHeaderRules('static/_headers'), '/')));
    }
  };
}

/**
 * What starts the app and the app name each other by the version. Where another process wrote its own version in the middle of the
 * build, no page would open: better no build than that.
 * @param {string} script what starts the app
 * @param {readonly string[]} app its scripts
 */
export function checkStarts(script, app) {
  const [name] = /__sveltekit_\w+/.exec(script) ?? [];
  if (name === undefined || app.every((text) => !text.includes(name)))
    throw new Error('the build was disturbed by another process of SvelteKit in this folder: build again');
}

/** @param {string} html */
export function withoutInlineScript(html) {
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const [found] = inline;
  if (!found || inline.length !== 1) {
    throw new Error(`index.html should hold the one inline script that starts SvelteKit, it holds ${inline.length}`);
  }
  // A plain script, not a module: it reads document.currentScript.
  return { html: html.replace(found[0], `<script src="/${bootScript}"></script>`), script: `${found[1]?.trim()}\n` };
}

/**
 * @param {string} html
 * @param {Record<string, string>} headers
 */
export function withPolicy(html, headers) {
  const policy = headers['Content-Security-Policy'];
  if (!policy) throw new Error('static/_headers has no Content-Security-Policy for /*');
  // frame-ancestors has a meaning in the header only.
  const directives = policy.split(/;\s*/).filter((directive) => directive && !directive.startsWith('frame-ancestors'));
  return html.replace(
    '<meta charset="utf-8" />',
    `$&\n    <meta http-equiv="Content-Security-Policy" content="${directives.join('; ')}" />`
  );
}
