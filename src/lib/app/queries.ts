/** What screens may ask of the database in `live(...)`. */
export * from '$lib/storage/dexie/queries';
