package io.lockstep.app;

import io.lockstep.app.ChaosReport.Injury;
import io.lockstep.app.ChaosSchedule.Placed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What faults did to a run, beside the rounds of the same run undisturbed. */
final class ChaosInjuries {
  private final RoundClock usual;
  private final RoundClock clock;
  private final Map<Placed, Double> deaths = new HashMap<>(); // of drivers: when, by the clock
  private ChaosWitness witness;

  ChaosInjuries(RoundClock usual, RoundClock clock) {
    this.usual = usual;
    this.clock = clock;
  }

  RoundClock usual() {
    return usual;
  }

  void witness(ChaosWitness who) {
    witness = who;
  }

  /** A driver died in a process of its own, at {@code seconds} of the clock. */
  void died(Placed fault, double seconds) {
    deaths.put(fault, seconds);
  }

  /** What each did, until the next. */
  List<Injury> of(List<Placed> placed) {
    List<Injury> injuries = new ArrayList<>();
    for (int i = 0; i < placed.size(); i++) {
      long next = i + 1 < placed.size() ? placed.get(i + 1).round() : Long.MAX_VALUE;
      injuries.add(of(placed.get(i), next));
    }
    return injuries;
  }

  private Injury of(Placed at, long next) {
    Double death = deaths.get(at);
    if (death == null) {
      double lost = clock.excess(at.round(), next, usual.median());
      return new Injury(at.fault(), at.round(), at.replica(), witness.seen(at), lost);
    }
    OptionalDouble again = clock.end(at.round());
    double lost = again.isPresent() ? again.getAsDouble() - death - usual.median() : 0;
    return new Injury(
        at.fault(), at.round(), at.replica(), Optional.of("killed, then resumed"), lost);
  }
}
