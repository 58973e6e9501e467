export * from './automation-file';
export { placedAutomations } from './place';
export { decisionKey, type Decision, type Decisions } from './plan';
