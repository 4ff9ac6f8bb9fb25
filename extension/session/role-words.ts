import type { Role } from "../../schema/generated/mix-document.ts";

/** How sure a word makes us: a naming convention (4) or a thing that merely sounds like the role (2). */
type WordWeight = 4 | 2;

/** Words of film and television naming, folded: lower case, without accents, joined ("room tone" = "roomtone"). */
const latinWords: Readonly<Record<Role, { readonly convention: string; readonly hint: string }>> = {
  dialogue: {
    convention:
      "dx dia dial dialog dialogue vo voiceover narration narrator adr interview lav lavalier podcast vox speech speaker voice " +
      "dialogo dialoge sprache sprecher stimme interviu voix voz voce hlas rec entrevista intervista",
    hint: "boom cam camera mic talk line actor prod production host guest anchor take sync",
  },
  music: {
    convention:
      "mx music mus musik musica musique hudba muzyka musiikki song score cue sting stinger soundtrack ost bgm jingle underscore",
    hint: "piano guitar drum beat instrumental orchestra string theme melody synth choir bpm",
  },
  effects: {
    convention:
      "fx sfx foley effect soundeffect soundfx hardfx bruitage gerausch gerausche effekt effekte efecto efeito effetti efekty zvuky ljud",
    hint:
      "door glass step footstep hit impact whoosh swish gun gunshot explosion horn bell phone click slam crash punch thunder " +
      "splash knock creak tur porte puerta porta dvere squeak rattle drop",
  },
  ambience: {
    convention:
      "amb ambi ambience ambiance ambiente atmos atmo atmosphere atmosfera bg background roomtone wildtrack raumton presence",
    hint: "wind rain traffic crowd walla city forest bird ocean sea river hum air room nature street wave cricket surf",
  },
};

/** Scripts without spaces between words: looked for anywhere in the name. */
const otherScripts: Readonly<Record<Role, readonly string[]>> = {
  dialogue: ["セリフ", "台詞", "ナレーション", "对白", "對白", "旁白", "对话", "диалог", "голос", "대사"],
  music: ["音楽", "音乐", "音樂", "музык", "음악"],
  effects: ["効果音", "音效", "эффект", "효과음"],
  ambience: ["環境音", "环境", "環境", "атмосфер", "환경음"],
};

const roles = Object.keys(latinWords) as Role[];

type WordEntry = { readonly role: Role; readonly weight: WordWeight };

const entries = (words: string, role: Role, weight: WordWeight) =>
  words.split(" ").map((word): [string, WordEntry] => [word, { role, weight }]);

const wordIndex: ReadonlyMap<string, WordEntry> = new Map(
  roles.flatMap((role) => [
    ...entries(latinWords[role].hint, role, 2),
    ...entries(latinWords[role].convention, role, 4),
  ]),
);

/** A role word found in a name, in the order of the name. */
export type FoundWord = { readonly word: string; readonly role: Role; readonly weight: WordWeight };

const fold = (text: string) =>
  text
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

const lookUp = (word: string): FoundWord | null => {
  const entry =
    wordIndex.get(word) ?? (word.length > 3 && word.endsWith("s") ? wordIndex.get(word.slice(0, -1)) : null);
  return entry ? { word, ...entry } : null;
};

/** Role words of a track, clip or file name. Neighbours are also read as one word: "room tone", "voice over", "s fx". */
export const findRoleWords = (name: string): readonly FoundWord[] => {
  const words = fold(name).match(/[a-z]+/g) ?? [];
  const found: FoundWord[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const pair = at + 1 < words.length ? lookUp(`${words[at]}${words[at + 1]}`) : null;
    const one = pair ?? lookUp(words[at]!);
    if (one) found.push(one);
    if (pair) at += 1;
  }
  const composed = name.normalize("NFC").toLowerCase();
  for (const role of roles) {
    for (const word of otherScripts[role]) if (composed.includes(word)) found.push({ word, role, weight: 4 });
  }
  return found;
};
