// Works while it is imported: once the import is over, vite's runner loads no further module.
import { printProcessors } from "./table.ts";

await printProcessors();
