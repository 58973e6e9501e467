import type { WorkerApi } from '$lib/worker/api';

/** There is nothing to look at, and no database but the page's own. */
const always = { look: () => Promise.resolve() };
let answers: object = always;

/** What components talk to in place of the worker, which jsdom has not. */
export function engine(): WorkerApi {
  return answers as WorkerApi;
}

/** From here to the end of the file, or to the next call, these groups of the worker's calls are answered, and no others. */
export function answerWith(groups: { readonly [group in keyof WorkerApi]?: object }): void {
  answers = { ...always, ...groups };
}
