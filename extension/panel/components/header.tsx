import { targetProfiles } from "../../../schema/target-profiles.ts";
import { texts } from "../texts.ts";

type Props = {
  readonly sequenceName: string | null;
  readonly target: string;
  readonly busy: boolean;
  readonly canMix: boolean;
  readonly onTarget: (name: string) => void;
  readonly onRead: () => void;
  readonly onMix: () => void;
};

/** The sequence's name, the target and the two things one can do. */
export const Header = ({ sequenceName, target, busy, canMix, onTarget, onRead, onMix }: Props) => (
  <header>
    <h1>{sequenceName ?? texts.title}</h1>
    <label>
      <span class="quiet">{texts.target} </span>
      <select value={target} disabled={busy} onChange={(event) => onTarget(event.currentTarget.value)}>
        {targetProfiles.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
    <button type="button" disabled={busy} onClick={onRead}>
      {texts.connect}
    </button>
    <button type="button" class="primary" disabled={busy || !canMix} onClick={onMix}>
      {texts.mix}
    </button>
  </header>
);
