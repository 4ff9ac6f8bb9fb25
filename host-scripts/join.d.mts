export const HOST_SCRIPT_FILES: readonly string[];
export const joinHostScripts: (textOf: (fileName: string) => string) => string;
