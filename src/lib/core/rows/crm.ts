import * as v from 'valibot';
import { moneySchema } from '../money';
import { attributeValueSchema } from './contacts';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();
const date = v.pipe(v.string(), v.isoDate());

/** Somebody of the creator's team: who owns contacts, deals and tasks. There is no account behind it. */
export const userSchema = v.object({
  id,
  name: v.string(),
  email: v.optional(v.string()),
  createdAt: instant,
  example: v.optional(v.boolean())
});
export type User = v.InferOutput<typeof userSchema>;

/** Its attributes are those of the table `companyAttributes`. */
export const companySchema = v.object({
  id,
  name: v.string(),
  attributes: v.record(v.string(), attributeValueSchema),
  ownerId: v.optional(id),
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean())
});
export type Company = v.InferOutput<typeof companySchema>;

export const STAGE_OUTCOMES = ['open', 'won', 'lost'] as const;

export const stageSchema = v.object({ id, name: v.string(), outcome: v.picklist(STAGE_OUTCOMES) });
export type Stage = v.InferOutput<typeof stageSchema>;

/** Ids of stages are unique among all pipelines. */
export const pipelineSchema = v.object({
  id,
  name: v.string(),
  /** in the order of the board */
  stages: v.pipe(v.array(stageSchema), v.minLength(1)),
  createdAt: instant,
  example: v.optional(v.boolean())
});
export type Pipeline = v.InferOutput<typeof pipelineSchema>;

export const noteOfSchema = v.object({ id, text: v.string(), at: instant });

/** Its custom attributes are those of the table `dealAttributes`. */
export const dealSchema = v.object({
  id,
  name: v.string(),
  pipelineId: id,
  stageId: id,
  /** when it came to its stage */
  stagedAt: instant,
  amount: v.optional(moneySchema),
  ownerId: v.optional(id),
  contactIds: v.array(id),
  companyId: v.optional(id),
  expectedCloseOn: v.optional(date),
  attributes: v.record(v.string(), attributeValueSchema),
  notes: v.array(noteOfSchema),
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean())
});
export type Deal = v.InferOutput<typeof dealSchema>;

export const taskTypeSchema = v.object({ id, name: v.string(), createdAt: instant });
export type TaskType = v.InferOutput<typeof taskTypeSchema>;

export const taskSchema = v.object({
  id,
  title: v.string(),
  typeId: id,
  note: v.string(),
  dueAt: v.optional(instant),
  ownerId: v.optional(id),
  contactId: v.optional(id),
  dealId: v.optional(id),
  completedAt: v.optional(instant),
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean())
});
export type Task = v.InferOutput<typeof taskSchema>;

/** How often each user's turn has come in a rotation (a step of an automation): what keeps it fair across restarts. */
export const rotationSchema = v.object({ id, counts: v.record(v.string(), v.number()) });
export type Rotation = v.InferOutput<typeof rotationSchema>;
