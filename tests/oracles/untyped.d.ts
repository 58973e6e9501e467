// Two SDKs that come without types.
declare module 'ovh' {
  export default function ovh(account: Record<string, string>): {
    requestPromised: (method: string, path: string, params: Record<string, unknown>) => Promise<unknown>;
  };
}
declare module 'sparkpost' {
  export default class SparkPost {
    constructor(key: string, options?: { origin: string });
    transmissions: { send: (transmission: Record<string, unknown>) => Promise<unknown> };
  }
}
