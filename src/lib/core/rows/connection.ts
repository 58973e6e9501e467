import * as v from 'valibot';
import { secretSchema } from './messages';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const instant = v.number();

/**
 * A device that shares the remote. `since` and `seenAt` in ms. `writesAs`: the names of its batches and stamps, more than one where its
 * disk was ever put back.
 */
export const sharingDeviceSchema = v.object({
  id: v.string(),
  name: v.string(),
  writesAs: v.array(v.string()),
  since: instant,
  seenAt: instant,
  isRevoked: v.boolean()
});
export type SharingDevice = v.InferOutput<typeof sharingDeviceSchema>;

/**
 * Who runs the journeys, as this device knows. `elsewhere`: another device does. `starting`: this one will, once the other has had time
 * to notice and all that it has told is here. `apart`: it cannot be asked, so that they wait here. `alone`, `forced`: it cannot be asked,
 * but there is no other device, or the user wants them to run here all the same. `locked`: the key of the remote is, with all others.
 */
export const runsSchema = v.picklist(['here', 'elsewhere', 'starting', 'apart', 'alone', 'forced', 'locked']);
export type Runs = v.InferOutput<typeof runsSchema>;

/** The remote that this device shares with others: of this device alone. */
export const connectionSchema = v.object({
  id: v.literal('connection'),
  /** The id of its kind, and its fields but those of kind secret. */
  remote: v.string(),
  fields: v.record(v.string(), v.unknown()),
  /** The secret fields and the data key, as JSON. */
  secret: secretSchema,
  /** The last state of the header that was seen: of another remote, or of an older state, nothing is taken. */
  known: v.object({ remote: v.string(), generation: count, edition: count }),
  /** By the header. This one is called `name`, and has the id `device`. */
  devices: v.array(sharingDeviceSchema),
  device: v.string(),
  name: v.string(),
  /** The greatest number under which any device has taken the right to run the journeys. */
  fence: v.number(),
  runs: runsSchema,
  /** The id of the device that runs them; null: none, or it is not known. */
  holder: v.nullable(v.string()),
  /** When `starting` ends at the earliest. */
  startsAt: v.optional(instant),
  /** Until the remote can be asked again, they run here all the same; then this device takes over. */
  isForced: v.boolean(),
  /** The remote has a new key, for which the passphrase is asked. */
  isKeyOld: v.boolean()
});
export type ConnectionRow = v.InferOutput<typeof connectionSchema>;
