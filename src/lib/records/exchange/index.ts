export * from './automation-file';
export { gatheredAutomations } from './gather';
export { placedAutomations } from './place';
export { decided, decisionKey, planFor, type Decision, type Decisions, type Planned } from './plan';
