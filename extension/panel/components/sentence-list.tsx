/** Sentences under a heading; nothing when there are none. */
export const SentenceList = ({
  title,
  sentences,
  kind,
}: {
  title: string;
  sentences: readonly string[];
  kind: "problem" | "note" | "decision";
}) =>
  sentences.length === 0 ? null : (
    <section aria-label={title} role={kind === "problem" ? "alert" : undefined}>
      <h2>{title}</h2>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence} class={kind}>
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
