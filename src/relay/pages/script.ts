/**
 * `GET /forms.js`: forms of ours on a site are handed in without leaving the page. Where it does not run, they are handed in as any form.
 */
export function formScript(): Response {
  return new Response(SCRIPT, {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff'
    }
  });
}

const SCRIPT = `document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('form[data-ricochet-form]')) return;
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  let said = form.querySelector('[role=status]');
  if (!said) {
    said = document.createElement('p');
    said.setAttribute('role', 'status');
    form.append(said);
  }
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } });
    const { thanks, wrong, problems } = await answer.json();
    if (thanks === undefined) {
      said.textContent = [wrong, ...Object.values(problems || {})].join(' ');
      const first = Object.keys(problems || {})[0];
      if (first) form.querySelector('[name="' + CSS.escape(first) + '"]')?.focus();
    } else {
      said.remove();
      const done = document.createElement('p');
      done.setAttribute('role', 'status');
      done.tabIndex = -1;
      form.replaceWith(done);
      done.textContent = thanks;
      done.focus();
    }
  } catch {
    form.removeAttribute('data-ricochet-form');
    form.submit();
  } finally {
    button.disabled = false;
  }
});
`;
