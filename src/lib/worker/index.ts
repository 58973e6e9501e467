import * as Comlink from 'comlink';
import { assemble } from './assemble';
import { forward } from './forward';

// The messages of a page that calls at once must find a listener: what is exposed waits by itself until all is put together.
Comlink.expose(forward(assemble()));
