import { instant, text, url } from '../fields';
import { defineEvent } from './define';

const meeting = { meetingId: text({ required: true }), type: text(), url: url(), startsAt: instant() };

export const meetingBooked = defineEvent('meeting.booked', meeting);
export const meetingStarted = defineEvent('meeting.started', meeting);
export const meetingCancelled = defineEvent('meeting.cancelled', meeting);
