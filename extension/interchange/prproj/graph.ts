import { ProblemError } from "../../../schema/problem.ts";
import { readXmlBytes, XmlReader } from "../xml.ts";
import { inflate, isGzip } from "./inflate.ts";
import { leafOf, leavesOf, ObjectCollector, type ProjectObject, type ProjectObjects } from "./objects.ts";

/** Reads a project file, gzipped or plain, into the objects that bear on sound. */
export const readObjects = async (bytes: Uint8Array, file: string): Promise<ProjectObjects> => {
  const collector = new ObjectCollector();
  const reader = new XmlReader(file, collector);
  collector.wantText = (wanted) => reader.wantText(wanted);
  if (isGzip(bytes)) {
    await inflate(bytes, file, (piece) => {
      reader.write(piece);
      checkRoot(collector, file);
    });
    reader.end();
  } else readXmlBytes(reader, bytes);
  checkRoot(collector, file);
  if (collector.rootName === null) throw new ProblemError({ code: "syntax", message: "The file is empty.", file });
  return collector;
};

const checkRoot = ({ rootName }: ObjectCollector, file: string): void => {
  if (rootName === null || rootName === "PremiereData") return;
  throw new ProblemError({
    code: "unsupported",
    message: `The root element is <${rootName}>; a Premiere project begins with <PremiereData>. Save the project in Premiere and read that file.`,
    file,
    allowed: ["PremiereData"],
  });
};

/** Follows references between the objects of one project. */
export class ProjectGraph {
  readonly objects: ProjectObjects;
  /** Objects that were reached, for the report of what they hold. */
  readonly reached = new Set<ProjectObject>();

  constructor(objects: ProjectObjects) {
    this.objects = objects;
  }

  /** The object that a reference at a path names, or null when there is none or the file does not hold it. */
  follow(from: ProjectObject | null, path: string): ProjectObject | null {
    return this.at(leafOf(from, `${path}@`));
  }

  /** The objects that a list names, in its order. */
  followAll(from: ProjectObject | null, path: string): ProjectObject[] {
    return leavesOf(from, `${path}@`).flatMap((key) => this.at(key) ?? []);
  }

  private at(key: string | null): ProjectObject | null {
    const object = key === null ? null : (this.objects.byKey.get(key) ?? null);
    if (object !== null) this.reached.add(object);
    return object;
  }
}

/** Whole number at a path as ticks, or null. */
export const ticksAt = (object: ProjectObject | null, path: string): bigint | null => {
  const text = leafOf(object, path);
  return text !== null && /^-?\d{1,20}$/.test(text) ? BigInt(text) : null;
};

/** Finite number at a path, or null. */
export const numberIn = (object: ProjectObject | null, path: string): number | null => {
  const text = leafOf(object, path);
  const number = Number(text);
  return text === null || text === "" || !Number.isFinite(number) ? null : number;
};

export const isTrue = (object: ProjectObject | null, path: string): boolean => leafOf(object, path) === "true";

/** Number of channels of an `AudioChannelLayout`, a JSON list of labels; null when it cannot be told. */
export const channelsOfLayout = (layout: string | null): number | null => {
  const labels = layout === null ? null : layout.match(/"channellabel"\s*:\s*\d+/g);
  return labels === null ? null : labels.length;
};
