import { userEvent } from '@testing-library/user-event';
import { screen, waitFor } from '@testing-library/dom';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepFocus } from './kept-focus';

let stop: () => void;
beforeEach(() => {
  document.body.innerHTML = `
    <nav><a href="#rail">Accueil</a></nav>
    <main>
      <ul>
        <li><button>un</button></li>
        <li><button>deux</button></li>
        <li><button>trois</button></li>
      </ul>
      <p></p>
    </main>`;
  stop = keepFocus(document);
});
afterEach(() => stop());

const button = (name: string) => screen.getByRole('button', { name });
const drawn = () =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))));

async function tabTo(name: string): Promise<HTMLElement> {
  const wanted = button(name);
  while (document.activeElement !== wanted) await userEvent.tab();
  return wanted;
}

it('goes to the row that takes the place of one that is removed, and from the last one to the one before', async () => {
  (await tabTo('deux')).closest('li')?.remove();
  await waitFor(() => expect(button('trois')).toHaveFocus());
  button('trois').closest('li')?.remove();
  await waitFor(() => expect(button('un')).toHaveFocus());
});

it('goes to what a button is replaced by, and stays on the page when nothing is left of a list', async () => {
  (await tabTo('un')).outerHTML = '<input aria-label="Chercher">';
  await waitFor(() => expect(screen.getByRole('textbox')).toHaveFocus());
  document.querySelector('p')?.insertAdjacentHTML('afterbegin', '<button>recommencer</button>');
  document.querySelector('ul')?.remove();
  await waitFor(() => expect(button('recommencer')).toHaveFocus());
});

it('goes on from a button that is disabled once it has done its work', async () => {
  const deux = await tabTo('deux');
  // As browsers do when they draw what is disabled; jsdom leaves the focus there.
  deux.blur();
  Object.assign(deux, { disabled: true });
  await waitFor(() => expect(button('trois')).toHaveFocus());
});

it('comes back to the page from a dialog whose opener is gone', async () => {
  await tabTo('deux');
  document.body.insertAdjacentHTML('beforeend', '<div role="dialog"><button>Supprimer</button></div>');
  await tabTo('Supprimer');
  button('deux').closest('li')?.remove();
  screen.getByRole('dialog').remove();
  await waitFor(() => expect(button('trois')).toHaveFocus());
});

it('leaves those alone who point, and another page', async () => {
  await userEvent.click(button('deux'));
  button('deux').remove();
  await drawn();
  expect(document.body).toHaveFocus();
  const un = await tabTo('un');
  history.pushState(null, '', '/ailleurs');
  un.remove();
  await drawn();
  expect(document.body).toHaveFocus();
});

it('lets the Tab key lead out of the page', async () => {
  await tabTo('trois');
  await userEvent.tab();
  document.querySelector('p')?.remove();
  await drawn();
  expect(document.body).toHaveFocus();
});
