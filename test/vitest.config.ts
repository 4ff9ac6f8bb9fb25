import { defineConfig } from "vitest/config";

const node = (name: string) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: "node" as const,
    setupFiles: ["test/support/seed.ts"],
    testTimeout: 60_000,
    // A worker loads each module once for all of its files: no test may leave anything behind in one.
    isolate: false,
  },
});

export default defineConfig({
  test: {
    projects: ["schema", "engine", "host-scripts", "extension", "end-to-end"].map(node),
    reporters: ["default"],
    // The default leaves one core free, which on two cores is half of them.
    maxWorkers: "100%",
  },
});
