import type { Bus, ChannelLayout, MixDocument } from "../schema/generated/mix-document.ts";
import { busSlotPlans, type PlanGround, slotPlan } from "./plan-slots.ts";
import type { BusPlan, SlotPlan } from "./render-plan.ts";

const resolveBuses = (document: MixDocument, names: readonly string[]): number[] =>
  document.buses.flatMap((bus, index) =>
    names.some((name) => name === bus.id || (bus.role !== null && name === `role:${bus.role}`)) ? [index] : [],
  );

/** The rules that turn a bus down. */
const planDuckers = (document: MixDocument, bus: number, layout: ChannelLayout, ground: PlanGround): SlotPlan[] =>
  document.duckers
    .filter(({ enabled, targets }) => enabled && resolveBuses(document, targets).includes(bus))
    .map((ducker) =>
      slotPlan(ducker, "ducker", resolveBuses(document, ducker.keys), { from: layout, to: layout }, ground),
    );

const planBus = (document: MixDocument, bus: Bus, index: number, ground: PlanGround): BusPlan => ({
  id: bus.id,
  layout: bus.layout,
  output: bus.output === null ? null : ground.busIndex(bus.output),
  volumeDb: bus.volumeDb,
  sends: bus.sends.map(({ to, levelDb, tap }) => ({ bus: ground.busIndex(to), gainDb: levelDb, tap })),
  slots: busSlotPlans(bus.processors, bus.layout, ground),
  duckers: planDuckers(document, index, bus.layout, ground),
});

/** The buses in the document's order. */
export const planBuses = (document: MixDocument, ground: PlanGround): BusPlan[] =>
  document.buses.map((bus, index) => planBus(document, bus, index, ground));

/** Every bus after all that feed or key it; the document's order decides among equals. null when there is a cycle. */
export const orderBuses = (buses: readonly BusPlan[]): number[] | null => {
  const needs = buses.map((bus, index) => {
    const feeding = buses.flatMap((other, at) =>
      other.output === index || other.sends.some((send) => send.bus === index) ? [at] : [],
    );
    return new Set([...feeding, ...[...bus.slots, ...bus.duckers].flatMap(({ keys }) => keys)]);
  });
  const order: number[] = [];
  while (order.length < buses.length) {
    const next = buses.findIndex(
      (_, index) => !order.includes(index) && [...needs[index]!].every((at) => order.includes(at)),
    );
    if (next < 0) return null;
    order.push(next);
  }
  return order;
};
