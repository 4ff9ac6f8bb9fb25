import { ColouredNoise } from "../dsp/coloured-noise";
import { Generator, Noise, Sweep, Tone } from "../dsp/generator";
import { LearnedTone } from "../dsp/learned-tone";
import { dbToGain } from "../dsp/math";

/** A sine; `levelDbfs` is its peak. Takes memory that is never given back, as all of these do. */
export function createTone(sampleRate: f64, frequencyHz: f64, levelDbfs: f64): usize {
  return changetype<usize>(new Tone(frequencyHz, dbToGain(levelDbfs), sampleRate));
}

/** A sine that moves over `lengthFrames` frames, as long in every octave; `levelDbfs` is its peak. The two frequencies differ. */
export function createSweep(sampleRate: f64, fromHz: f64, toHz: f64, levelDbfs: f64, lengthFrames: f64): usize {
  return changetype<usize>(new Sweep(fromHz, toHz, dbToGain(levelDbfs), sampleRate, lengthFrames));
}

/** Noise of a colour (0 white, 1 pink, 2 brown); `levelDbfs` is the RMS of each channel, 0 dBFS = 1.0. */
export function createNoise(sampleRate: f64, colour: i32, levelDbfs: f64, seed: u32): usize {
  return changetype<usize>(new Noise(new ColouredNoise(colour, sampleRate, dbToGain(levelDbfs), seed)));
}

/** The tone of a room, silent until `hearRoom` has told of it; one channel: both sides alike. */
export function createLearnedTone(sampleRate: f64, channels: i32, seed: u32): usize {
  return changetype<usize>(new LearnedTone(sampleRate, channels, seed));
}

/** Lets a learned tone hear the next frames of its recording (one pair). */
export function hearRoom(handle: usize, at: usize, frames: i32): void {
  changetype<LearnedTone>(handle).hear(at, frames);
}

/** 1 when there was a pause to learn from. */
export function isRoomKnown(handle: usize): i32 {
  return changetype<LearnedTone>(handle).known ? 1 : 0;
}

/** 1 when hearing more would make the tone newer, not better. */
export function isRoomSettled(handle: usize): i32 {
  return changetype<LearnedTone>(handle).settled ? 1 : 0;
}

/** Writes the next frames of a generator to the pair at `at`. */
export function generate(handle: usize, at: usize, frames: i32): void {
  changetype<Generator>(handle).next(at, frames);
}

/** Back to the generator's first frame. */
export function resetGenerator(handle: usize): void {
  changetype<Generator>(handle).reset();
}
