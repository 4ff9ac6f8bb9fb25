const BUILD_STAMP = /var HOST_BUILD = "([0-9a-f]{16})";/;

/** The build stamp inside a joined text. */
export const hostBuildOf = (scriptText: string): string => {
  const stamp = BUILD_STAMP.exec(scriptText)?.[1];
  if (!stamp) throw new TypeError("This is no joined text of the host scripts: it has no build stamp.");
  return stamp;
};
