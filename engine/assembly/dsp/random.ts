const GOLDEN: u64 = 0x9e3779b97f4a7c15;
/** Puts the sequences of neighbouring seeds far apart; no multiple of the step within reach. */
const SPREAD: u64 = 0xd1342543de82ef95;

/** Seeded noise, the same on every machine: splitmix64. Steele, Lea and Flood, OOPSLA 2014. */
export class Random {
  private state: u64 = 0;

  constructor(seed: u64) {
    this.seed(seed);
  }

  seed(seed: u64): void {
    this.state = seed * SPREAD;
  }

  /** 64 fair bits; `salt` sends the sequence another way, so that equal generators that saw different salts part. */
  next(salt: u64): u64 {
    this.state += GOLDEN + (salt << 1);
    let z = this.state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /** Uniform in [0, 1). */
  uniform(): f64 {
    return <f64>(this.next(0) >> 11) * (1.0 / 9007199254740992.0);
  }

  /** Triangular between -1 and 1, standard deviation 1 / sqrt(6). */
  triangular(salt: u64): f64 {
    const bits = this.next(salt);
    return (<f64>(bits >> 32) - <f64>(bits & 0xffffffff)) * (1.0 / 4294967296.0);
  }
}
