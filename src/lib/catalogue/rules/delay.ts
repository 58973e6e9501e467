import { addDuration, isEmptyWindow, nextInWindow } from '$lib/core/calendar';
import { defineRule } from '$lib/core/definitions';
import { duration, timeWindow } from '$lib/core/fields';
import { durationWords, instantWords, words } from '$lib/core/words';

export default defineRule({
  id: 'rule.delay',
  group: 'rules',
  icon: 'clock',
  version: 1,
  fields: { duration: duration(), window: timeWindow() },
  sentence: ({ fields: { duration, window } }) =>
    window === null
      ? words('catalogue.rule.delay.sentence', { duration: durationWords(duration) })
      : words('catalogue.rule.delay.sentence_window', {
          duration: durationWords(duration),
          from: window.from,
          to: window.to
        }),
  check: ({ fields: { window } }) =>
    window !== null && isEmptyWindow(window) ? [{ field: 'window', words: words('words.problem.empty_window') }] : [],
  branches: () => ['next'],
  passesTime: true,
  enter: ({ fields: { duration, window }, at, contact, view }) => {
    const timeZone = contact.timeZone ?? view.settings.get('workspace')?.timeZone ?? 'UTC';
    const over = addDuration(at, duration, timeZone);
    const until = window === null ? over : nextInWindow(over, window, timeZone);
    return { wait: { for: 'time', until }, words: words('words.step.waits_until', { until: instantWords(until) }) };
  },
  wake: ({ enrolment }) => ({
    branch: 'next',
    at: enrolment.wait?.for === 'time' ? enrolment.wait.until : enrolment.since
  }),
  examples: [{ fields: { duration: { amount: 1, unit: 'hours' } }, branch: null }]
});
