import { createConfiguration, DefaultApi, Notification } from '@onesignal/node-onesignal';
import { v3 as nameToUuid } from 'uuid';
import { push, SECRET } from '../messages';
import { agree, KEY } from '../oracle';

const onesignal = new DefaultApi(createConfiguration({ restApiKey: SECRET }));

agree({
  provider: 'push.onesignal',
  sdk: '@onesignal/node-onesignal',
  fields: { appId: 'app1', apiKey: SECRET },
  request: push,
  reply: { status: 200, body: { id: 'o1' } },
  send: () =>
    onesignal.createNotification(
      Object.assign(new Notification(), {
        app_id: 'app1',
        target_channel: 'push',
        include_subscription_ids: [...push.to],
        is_ios: true,
        is_any_web: true,
        name: push.pushName,
        headings: { en: push.title },
        contents: { en: push.body },
        url: push.url,
        big_picture: push.imageUrl,
        chrome_web_image: push.imageUrl,
        ios_attachments: { image: push.imageUrl },
        idempotency_key: nameToUuid(KEY, '6ba7b811-9dad-11d1-80b4-00c04fd430c8')
      })
    ),
  differences: {
    'header.os-usage-data': 'the SDK names itself',
    'query.c':
      "the documentation of 'Push notification' asks with the channel in the address, the SDK is generated without"
  }
});
