import { didYouMean } from "./did-you-mean.ts";
import type { MixDocument } from "./generated/mix-document.ts";
import { isForeign } from "./later-processors.ts";
import { checkChannels } from "./meaning/channels.ts";
import { checkCues } from "./meaning/cues.ts";
import { checkIds } from "./meaning/ids.ts";
import { findPlaces, type Places, wrong } from "./meaning/places.ts";
import { checkReferences, warnIdleDuckers } from "./meaning/references.ts";
import { checkRouting } from "./meaning/routing.ts";
import { checkTime } from "./meaning/time.ts";
import type { Problem } from "./problem.ts";
import { EXTERNAL_TYPE } from "./processors/index.ts";
import { guessSentence, shown } from "./shown.ts";
import { targetProfiles } from "./target-profiles.ts";

/** What a schema cannot say: ids that meet, signals that end, times that can be. */
export const meaningProblems = (document: MixDocument, places = findPlaces(document)): readonly Problem[] => [
  ...checkIds(document, places),
  ...checkReferences(document, places),
  ...checkRouting(document, places),
  ...checkTime(document, places),
  ...checkChannels(document, places),
  ...checkCues(document),
];

const externals = ({ processors }: Places): readonly Problem[] =>
  processors
    .filter(({ item }) => isForeign(item.type) && item.enabled)
    .map(({ item, pointer }) => {
      const name = item["hostMatchName"] ?? item.id;
      const owner =
        item.type === EXTERNAL_TYPE ? "belongs to another program" : `is a ${shown(item.type)} of a later version`;
      return wrong(pointer, `${pointer} (${shown(name)}) ${owner}: it is kept but bypassed.`, {
        code: "unsupported",
      });
    });

const missingExtensions = (document: MixDocument): readonly Problem[] =>
  document.extensionsRequired.map((name, index) =>
    wrong(
      `/extensionsRequired/${index}`,
      `The extension ${shown(name)} is not known here: open the document to read, not to change it.`,
      {
        code: "unsupported",
      },
    ),
  );

const unknownProfile = ({ targets }: MixDocument): readonly Problem[] => {
  const name = targets.programme.profile;
  const names = targetProfiles.map((profile) => profile.name);
  if (name === null || names.includes(name)) return [];
  const guess = didYouMean(name, names);
  return [
    wrong(
      "/targets/programme/profile",
      `The target profile ${shown(name)} is not built in (${names.join(", ")}); its figures are taken as they stand.${guessSentence(guess)}`,
      {
        allowed: names,
        ...(guess === undefined ? {} : { didYouMean: guess }),
      },
    ),
  ];
};

/** What is allowed but will not sound as its writer may expect. */
export const meaningWarnings = (document: MixDocument, places = findPlaces(document)): readonly Problem[] => [
  ...externals(places),
  ...missingExtensions(document),
  ...unknownProfile(document),
  ...warnIdleDuckers(document),
];
