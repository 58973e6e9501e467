// Stands for @types/node in the check of the pure folders: liquidjs refers to it, and it would bring timers, fetch and process.
export {};
