import { didYouMean } from "../did-you-mean.ts";
import { Role } from "../entities/names.ts";
import type { MixDocument } from "../generated/mix-document.ts";
import { LISTED_PROBLEMS, type Problem } from "../problem.ts";
import { guessSentence, shown } from "../shown.ts";
import { type Places, wrong } from "./places.ts";

const ROLE_PREFIX = "role:";
const roles = (Role.enum ?? []).map(String);
/** Longer lists of names stand in no message. */
const LISTED_NAMES = 20;

const dangling = (pointer: string, id: string, what: string, allowed: readonly string[]): Problem => {
  const guess = didYouMean(id, allowed);
  const names =
    allowed.length > LISTED_NAMES ? `${allowed.slice(0, LISTED_NAMES).join(", ")}, ...` : allowed.join(", ");
  const choice = allowed.length === 0 ? "there is none" : `there are ${names}`;
  return wrong(
    pointer,
    `${pointer} names ${shown(id)}, but no ${what} has that id; ${choice}.${guessSentence(guess)}`,
    {
      allowed: allowed.slice(0, LISTED_NAMES),
      subjects: [id],
      ...(guess === undefined ? {} : { didYouMean: guess }),
    },
  );
};

type Reference = { readonly pointer: string; readonly id: unknown };

const busReferences = (document: MixDocument, places: Places): readonly Reference[] => [
  ...places.tracks.map(({ item, pointer }) => ({ pointer: `${pointer}/output`, id: item.output })),
  ...places.buses.map(({ item, pointer }) => ({ pointer: `${pointer}/output`, id: item.output })),
  ...places.sends.map(({ item, pointer }) => ({ pointer: `${pointer}/to`, id: item.to })),
  ...document.stems.map(({ from }, index) => ({ pointer: `/stems/${index}/from`, id: from })),
  ...places.processors.map(({ item, pointer }) => ({ pointer: `${pointer}/sidechain`, id: item["sidechain"] })),
  ...duckerParties(document).filter(({ id }) => !id.startsWith(ROLE_PREFIX)),
];

const duckerParties = (document: MixDocument) =>
  document.duckers.flatMap(({ keys, targets }, index) => [
    ...keys.map((id, at) => ({ pointer: `/duckers/${index}/keys/${at}`, id })),
    ...targets.map((id, at) => ({ pointer: `/duckers/${index}/targets/${at}`, id })),
  ]);

const danglingAmong = (references: readonly Reference[], what: string, ids: readonly string[]): readonly Problem[] => {
  const known = new Set(ids);
  return references
    .filter(({ id }) => typeof id === "string" && !known.has(id))
    .map(({ pointer, id }, index) => dangling(pointer, String(id), what, index < LISTED_PROBLEMS ? ids : []));
};

const unknownRoles = (document: MixDocument): readonly Problem[] =>
  duckerParties(document)
    .filter(({ id }) => id.startsWith(ROLE_PREFIX))
    .filter(({ id }) => !roles.includes(id.slice(ROLE_PREFIX.length)))
    .map(({ pointer, id }) => {
      const allowed = roles.map((role) => ROLE_PREFIX + role);
      const guess = didYouMean(id, allowed);
      return wrong(pointer, `${pointer} is ${shown(id)}; the roles are ${allowed.join(", ")}.${guessSentence(guess)}`, {
        allowed,
        ...(guess === undefined ? {} : { didYouMean: guess }),
      });
    });

/** Ids that name nothing: media, buses, clips of cross-fades and of room tone, parties of duckers. */
export const checkReferences = (document: MixDocument, places: Places): readonly Problem[] => {
  const media = [
    ...places.clips.map(({ item, pointer }) => ({ pointer: `${pointer}/media`, id: item.media })),
    ...(document.cues ?? []).flatMap(({ source }, index) =>
      source.kind === "file" ? [{ pointer: `/cues/${index}/source/media`, id: source.media }] : [],
    ),
  ];
  const files = places.processors.map(({ item, pointer }) => ({ pointer: `${pointer}/file`, id: item["file"] }));
  const rooms = (document.cues ?? []).flatMap(({ source }, index) =>
    source.kind === "roomTone" ? [{ pointer: `/cues/${index}/source/clip`, id: source.clip }] : [],
  );
  const faded = document.crossfades.flatMap(({ from, to }, index) => [
    { pointer: `/crossfades/${index}/from`, id: from },
    { pointer: `/crossfades/${index}/to`, id: to },
  ]);
  return [
    ...danglingAmong([...media, ...files], "media", Object.keys(document.media)),
    ...danglingAmong(
      busReferences(document, places),
      "bus",
      document.buses.map(({ id }) => id),
    ),
    ...danglingAmong(
      [...faded, ...rooms],
      "clip",
      places.clips.map(({ item }) => item.id),
    ),
    ...unknownRoles(document),
  ];
};

/** Finds the buses that keys or targets of a ducker mean: those with an id, or all with a role. */
export const partyFinder = (document: MixDocument): ((parties: readonly string[]) => readonly string[]) => {
  const byParty = new Map<string, string[]>();
  for (const { id, role } of document.buses) {
    byParty.set(id, [id]);
    const party = ROLE_PREFIX + role;
    byParty.set(party, [...(byParty.get(party) ?? []), id]);
  }
  return (parties) => [...new Set(parties.flatMap((party) => byParty.get(party) ?? []))];
};

/** Duckers whose key or target means no bus at all. */
export const warnIdleDuckers = (document: MixDocument): readonly Problem[] => {
  const buses = partyFinder(document);
  return duckerParties(document)
    .filter(({ id }) => id.startsWith(ROLE_PREFIX) && buses([id]).length === 0)
    .map(({ pointer, id }) =>
      wrong(pointer, `${pointer} is ${id}, but no bus has that role: the ducker finds nothing there.`),
    );
};
