/** Forms: what they may ask, and what becomes of the answers. */
export { readAnswers, type AnswerProblem, type Answers, type TypedAnswers } from './answers';
export { formRefusal } from './check';
export { askingId, confirmed, isAsked, needsConfirmation, optInOf, refused } from './opt-in';
export { publishedForm } from './published';
export { shownAnswers, type AnswerTexts } from './shown';
export { submit, type Submitted } from './submit';
