import * as v from 'valibot';
import { emailRequestSchema } from './rows/messages';

/** What a message carries that its writer has sent to try it: sources leave out what is reported of it. */
export const TEST_TAG = 'ricochet-test';

/** Before its subject, in every language. */
export const TEST_PREFIX = '[Test] ';

/** The Sandbox keeps so many. */
export const KEPT_TESTS = 10;

/** A test that the Sandbox has taken: shown in its mailbox, and nowhere else. `contactId`: whom it was written for, as in a preview. */
export const testMessageSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1)),
  at: v.number(),
  contactId: v.nullable(v.string()),
  request: emailRequestSchema
});
export type TestMessage = v.InferOutput<typeof testMessageSchema>;

const ID_PREFIX = 'test-';

export function testId(id: string): string {
  return ID_PREFIX + id;
}

/** Whether a message of the mailbox is a test. */
export function isTestId(id: string): boolean {
  return id.startsWith(ID_PREFIX);
}
