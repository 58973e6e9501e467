export * from './automation-file';
export { placedAutomations } from './place';
export { decisionKey, planFor, type Decision, type Decisions } from './plan';
