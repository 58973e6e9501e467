import { MINUTE, type Milliseconds } from '$lib/core/instants';

/** How long a call may go unanswered before it counts as unanswered for good. */
export const LONGEST_CALL: Milliseconds = MINUTE;
