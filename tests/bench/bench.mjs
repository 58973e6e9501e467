// Runs the benchmark, which is TypeScript, as the build would.
import { runnerImport } from 'vite';

await runnerImport('./tests/bench/run.ts');
