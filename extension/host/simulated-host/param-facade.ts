import type { DomComponentParam, DomTime } from "./dom-surface.ts";
import type { ModelKey, ModelParam } from "./model.ts";
import { TimeCopy, ticksOf, timeOf } from "./time.ts";
import { type World, writes } from "./world.ts";

/** A parameter of a component. Level is normalised 0 to 1 and clamps in silence; key times are the clip's media time. */
export class ParamFacade implements DomComponentParam {
  readonly displayName: string;
  private readonly world: World;
  private readonly param: ModelParam;

  constructor(world: World, displayName: string, param: ModelParam) {
    this.world = world;
    this.displayName = displayName;
    this.param = param;
  }

  isTimeVarying(): boolean {
    return this.param.keys !== null;
  }

  setTimeVarying(varying: boolean): boolean {
    if (writes(this.world)) this.param.keys = varying ? (this.param.keys ?? []) : null;
    return true;
  }

  getValue(): number | boolean {
    return this.param.keys?.[0]?.value ?? this.param.value;
  }

  setValue(value: unknown): boolean {
    const taken = this.taken(value);
    if (writes(this.world)) this.param.value = taken;
    return true;
  }

  getKeys(): DomTime[] | undefined {
    return this.param.keys ? this.world.realm.array(this.param.keys.map((key) => timeOf(key.ticks))) : undefined;
  }

  getValueAtKey(time: unknown): number | boolean {
    const key = this.keyAt(time);
    if (!key) throw this.world.realm.error("Unknown error exception");
    return key.value;
  }

  getValueAtTime(time: unknown): number | boolean {
    const keys = this.param.keys ?? [];
    const ticks = this.keyTicks(time);
    const next = keys.findIndex((key) => key.ticks >= ticks);
    const after = keys[next];
    if (!after) return keys.at(-1)?.value ?? this.param.value;
    const before = keys[next - 1] ?? after;
    const span = Number(after.ticks - before.ticks) || 1;
    return before.value + ((after.value - before.value) * Number(ticks - before.ticks)) / span;
  }

  setValueAtKey(time: unknown, value: unknown): boolean {
    const key = this.keyAt(time);
    const taken = this.taken(value);
    if (key && typeof taken === "number" && writes(this.world)) key.value = taken;
    return true;
  }

  addKey(time: unknown): boolean {
    const ticks = this.keyTicks(time);
    const keys = this.param.keys;
    if (!keys || this.keyAt(time) || !writes(this.world)) return true;
    keys.push({ ticks, value: Number(this.getValueAtTime(time)) });
    keys.sort((left, right) => (left.ticks < right.ticks ? -1 : 1));
    return true;
  }

  removeKey(time: unknown): boolean {
    return this.removeKeyRange(time, time);
  }

  removeKeyRange(start: unknown, end: unknown): boolean {
    const [from, to] = [this.keyTicks(start), this.keyTicks(end)];
    if (this.param.keys && writes(this.world)) {
      this.param.keys = this.param.keys.filter(({ ticks }) => ticks < from || ticks > to);
    }
    return true;
  }

  keyExistsAtTime(time: unknown): boolean {
    return this.keyAt(time) !== undefined;
  }

  private keyAt(time: unknown): ModelKey | undefined {
    const ticks = this.keyTicks(time);
    return this.param.keys?.find((key) => key.ticks === ticks);
  }

  private keyTicks(time: unknown): bigint {
    if (this.world.profile.keyTimesAreTimes && !(time instanceof TimeCopy)) {
      throw this.world.realm.error("Illegal Parameter type");
    }
    return ticksOf(time, this.world.realm);
  }

  private taken(value: unknown): number | boolean {
    if (typeof this.param.value === "boolean") return Boolean(value);
    const number = Number(value);
    if (!this.world.quirks.has("levelClamps") && !(number >= 0 && number <= 1)) {
      throw this.world.realm.error("Illegal Parameter type");
    }
    return Math.min(1, Math.max(0, Number.isNaN(number) ? 0 : number));
  }
}
