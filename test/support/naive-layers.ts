/**
 * The layer rules once more, by another way: every layer is a list of assignments to paths, carried out one after the other on a flat
 * table. Nothing is shared with the product but what the words mean. Slow and plain on purpose.
 */
type Data = { readonly [key: string]: unknown };
export type NaiveLayer = { readonly name: string; readonly layer: Data; readonly locked: readonly string[] };

type Node = { kind: "object" } | { kind: "list"; order: string[] } | { kind: "leaf"; value: unknown; by: string };

/** Keys whose value may be null, among those that the random layers use. */
const nullable = new Set(["fadeIn", "fadeOut", "output", "sidechain", "role"]);
const opaque = new Set(["host", "extras", "extensions", "state"]);

const isObject = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const kindOf = (value: unknown): Node["kind"] => {
  if (isObject(value)) return "object";
  const named = Array.isArray(value) && value.every((item) => isObject(item) && typeof item["id"] === "string");
  return named ? "list" : "leaf";
};

/** A table of paths; list items stand as #id. */
export class NaiveTable {
  readonly nodes = new Map<string, Node>([["", { kind: "object" }]]);
  readonly locked = new Set<string>();
  /** Ids of processors that some template named: each owner has its own copy. */
  readonly shared = new Set<string>();

  private isClosed(path: string): boolean {
    return [...this.locked].some((lock) => path === lock || path.startsWith(`${lock}/`));
  }

  private guards(path: string): boolean {
    return [...this.locked].some((lock) => lock.startsWith(`${path}/`));
  }

  private wipe(path: string): void {
    for (const key of [...this.nodes.keys()]) if (key === path || key.startsWith(`${path}/`)) this.nodes.delete(key);
  }

  assign(path: string, value: unknown, by: string): void {
    if (this.isClosed(path)) return;
    const kind = opaque.has(path.split("/").at(-1)!) ? "leaf" : kindOf(value);
    if (kind === "leaf" || this.nodes.get(path)?.kind !== kind) {
      if (this.guards(path)) return;
      this.wipe(path);
      this.nodes.set(path, kind === "leaf" ? { kind, value, by } : kind === "list" ? { kind, order: [] } : { kind });
    }
    if (kind === "object") this.assignKeys(path, value as Data, by);
    if (kind === "list") this.assignItems(path, value as readonly Data[], by);
  }

  assignTemplate(value: Data, by: string): void {
    for (const { id } of (value["processors"] ?? []) as readonly { readonly id: string }[]) this.shared.add(id);
    this.assign("", value, by);
  }

  private assignKeys(path: string, value: Data, by: string): void {
    for (const [key, member] of Object.entries(value)) {
      const at = `${path}/${key}`;
      if (member !== null || nullable.has(key)) this.assign(at, member, by);
      else if (!this.isClosed(at) && !this.guards(at)) this.wipe(at);
    }
  }

  private assignItems(path: string, items: readonly Data[], by: string): void {
    const list = this.nodes.get(path) as { kind: "list"; order: string[] };
    items.forEach((item, index) => {
      const { $remove, $after, ...rest } = item;
      const id = String(item["id"]);
      const at = `${path}/#${id}`;
      const was = list.order.includes(id);
      if ($remove === true) {
        if (!was || this.isClosed(at) || this.guards(at)) return;
        this.wipe(at);
        list.order = list.order.filter((other) => other !== id);
        return;
      }
      this.assign(at, rest, by);
      if (!this.nodes.has(at)) return;
      if (was && $after === undefined) return;
      const order = list.order.filter((other) => other !== id);
      const place = "$after" in item ? after(order, $after) : beside(order, items, index);
      list.order = [...order.slice(0, place), id, ...order.slice(place)];
    });
  }

  /** The data of the whole table. */
  value(): unknown {
    const built = new Map<string, unknown>();
    for (const [path, node] of this.nodes) {
      built.set(path, node.kind === "leaf" ? node.value : node.kind === "list" ? [] : {});
      const cut = path.lastIndexOf("/");
      const key = path.slice(cut + 1);
      if (path !== "" && !key.startsWith("#"))
        (built.get(path.slice(0, cut)) as Record<string, unknown>)[key] = built.get(path);
    }
    for (const [path, node] of this.nodes) {
      if (node.kind === "list")
        (built.get(path) as unknown[]).push(...node.order.map((id) => built.get(`${path}/#${id}`)));
    }
    return built.get("");
  }

  /** Every leaf with the layer that set it, as a path of keys and ids. */
  leaves(): { path: string[]; value: unknown; by: string }[] {
    return [...this.nodes].flatMap(([path, node]) =>
      node.kind === "leaf"
        ? [
            {
              path: path
                .slice(1)
                .split("/")
                .map((key) => key.replace(/^#/, "")),
              value: node.value,
              by: node.by,
            },
          ]
        : [],
    );
  }
}

const after = (order: readonly string[], id: unknown): number => {
  if (id === null) return 0;
  const at = order.indexOf(String(id));
  return at < 0 ? order.length : at + 1;
};

const beside = (order: readonly string[], items: readonly Data[], index: number): number => {
  const before = index > 0 ? order.indexOf(String(items[index - 1]!["id"])) : -1;
  if (before >= 0) return before + 1;
  for (const item of items.slice(index + 1)) {
    const next = order.indexOf(String(item["id"]));
    if (next >= 0) return next;
  }
  return order.length;
};

/** A pointer as a path of the table: list items of the layer as #id. */
const tablePath = (layer: unknown, segments: readonly string[]): string => {
  let at = layer;
  let path = "";
  for (const segment of segments) {
    const isItem = Array.isArray(at);
    path += isItem ? `/#${segment}` : `/${segment}`;
    at = isItem ? (at as Data[]).find(({ id }) => id === segment) : (at as Data | undefined)?.[segment];
  }
  return path;
};

const said = (layer: Data, keys: readonly string[]): Data | undefined => {
  const value = keys.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), layer);
  return isObject(value) ? value : undefined;
};

/** What one layer says about a kind of thing of a role, with the way to it: blocks of more roles before those of fewer. */
const sayings = (layer: Data, kind: string, role: string | null, isPlain: boolean) => {
  const blocks = Object.keys(layer)
    .filter((key) => role !== null && key.startsWith("[") && key.includes(`[${role}]`))
    .sort((a, b) => b.split("[").length - a.split("[").length);
  const ways = [...(isPlain ? [[kind]] : []), ...blocks.map((key) => [key, kind])];
  return ways.flatMap((way) => {
    const value = said(layer, way);
    return value === undefined ? [] : [{ way, value }];
  });
};

const itemOrValue = (layer: Data, way: readonly string[]): Data => {
  if (way[0] !== "buses") return said(layer, way) ?? {};
  return (layer["buses"] as readonly Data[]).find(({ id }) => id === way[1]) ?? {};
};

const lock = (table: NaiveTable, { layer, locked }: NaiveLayer, ways: readonly (readonly string[])[]): void => {
  for (const pointer of locked) {
    const path = tablePath(layer, pointer.slice(1).split("/"));
    for (const way of ways) {
      const prefix = tablePath(layer, way);
      if (path.startsWith(`${prefix}/`)) table.locked.add(path.slice(prefix.length));
      // The whole thing: every key that the layer says of it.
      if (`${prefix}/`.startsWith(`${path}/`))
        for (const key of Object.keys(itemOrValue(layer, way))) table.locked.add(`/${key}`);
    }
  }
};

/** What the layers, lowest first, say about a track or clip of a role, and it itself last. */
export const naiveThing = (
  layers: readonly NaiveLayer[],
  kind: "track" | "clip",
  role: string | null,
  between: readonly Data[],
  own: Data,
): NaiveTable => {
  const table = new NaiveTable();
  for (const layer of layers) {
    const found = sayings(layer.layer, kind, role, true);
    for (const { value } of found) table.assignTemplate(value, layer.name);
    lock(
      table,
      layer,
      found.map(({ way }) => way),
    );
  }
  for (const value of between) table.assignTemplate(value, "document");
  table.assign("", own, "document");
  return table;
};

/** What the layers say about the bus of an id and a role. */
export const naiveBus = (layers: readonly NaiveLayer[], id: string, role: string | null): NaiveTable => {
  const table = new NaiveTable();
  for (const layer of layers) {
    const found = sayings(layer.layer, "bus", role, false);
    for (const { value } of found) table.assignTemplate(value, layer.name);
    const buses = (layer.layer["buses"] ?? []) as readonly Data[];
    const item = buses.find((bus) => bus["id"] === id);
    if (item !== undefined) table.assign("", item, layer.name);
    lock(table, layer, [...found.map(({ way }) => way), ...(item === undefined ? [] : [["buses", id]])]);
  }
  return table;
};

/** What the layers say about the keys of the document itself. */
export const naiveDocument = (layers: readonly NaiveLayer[], keys: readonly string[]): NaiveTable => {
  const table = new NaiveTable();
  for (const layer of layers) {
    const value = Object.fromEntries(Object.entries(layer.layer).filter(([key]) => keys.includes(key)));
    table.assign("", value, layer.name);
    for (const pointer of layer.locked) {
      if (keys.includes(pointer.split("/")[1]!)) table.locked.add(tablePath(layer.layer, pointer.slice(1).split("/")));
    }
  }
  return table;
};
