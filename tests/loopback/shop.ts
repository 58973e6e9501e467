import { createServer } from 'node:http';

/** The pages of a little shop that takes orders and asks for consent, as a creator would write them. */
function pageOf(path: string, snippet: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Shop ${path}</title>
${snippet}
</head>
<body>
<main>
  <h1>Shop</h1>
  <a href="/mug">Mug</a>
  <button id="add">Add to cart</button>
  <form id="checkout"><label>Email <input type="email" name="email"></label><button>Go on</button></form>
  <button id="order">Order</button>
</main>
<aside aria-label="Cookies"><button id="accept">Accept</button><button id="refuse">Refuse</button></aside>
<script>
  const on = (id, type, work) => document.getElementById(id).addEventListener(type, work);
  const items = [];
  const cart = () => ({ id: 'cart-1', currency: 'EUR', total: 19.9 * items.length, items, url: location.href });
  on('accept', 'click', () => ricochet('consent', 'granted'));
  on('refuse', 'click', () => ricochet('consent', 'denied'));
  on('add', 'click', () => { items.push({ id: 'mug', name: 'Mug', price: 19.9, quantity: 1 }); ricochet('cart', cart()); });
  on('checkout', 'submit', (event) => {
    event.preventDefault();
    ricochet('identify', event.target.email.value, { FIRSTNAME: 'Camille' });
  });
  on('order', 'click', () => ricochet('order', { ...cart(), id: 'order-1' }));
</script>
</body>
</html>`;
}

/** Serves the shop with the tracker's snippet in it. Browsers find every name under localhost on this computer. */
export async function startShop(): Promise<{
  url: string;
  domain: string;
  /** What the creator has pasted into the pages. */
  paste(snippet: string): void;
  close(): Promise<void>;
}> {
  const domain = 'shop.localhost';
  let snippet = '';
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(pageOf(new URL(request.url ?? '/', 'http://shop').pathname, snippet));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://${domain}:${port}`,
    domain,
    paste: (given) => (snippet = given),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}
