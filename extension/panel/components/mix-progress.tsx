import type { Progress } from "../../../engine/engine.ts";
import { texts } from "../texts.ts";

/** Phase, share done, and the way out. */
export const MixProgress = ({
  progress,
  cancelling,
  onCancel,
}: {
  progress: Progress;
  cancelling: boolean;
  onCancel: () => void;
}) => {
  const percent = progress.total > 0 ? Math.round((100 * progress.done) / progress.total) : 0;
  const phase = texts.phases[progress.phase] ?? progress.phase;
  return (
    <section aria-label="Progress">
      <div class="actions">
        <span class="grow">{cancelling ? texts.cancelling : `${phase} ${percent} %`}</span>
        <button type="button" onClick={onCancel} disabled={cancelling}>
          {texts.cancel}
        </button>
      </div>
      <progress max={100} value={percent} aria-label={phase} />
    </section>
  );
};
