/** Forms: what they may ask, and what becomes of the answers. */
export { readAnswers, type AnswerProblem, type TypedAnswers } from './answers';
export { formRefusal } from './check';
export { askingId, confirmed, isAsked, needsConfirmation, optInOf } from './opt-in';
export { publishedForm } from './published';
export { submit, type Submitted } from './submit';
