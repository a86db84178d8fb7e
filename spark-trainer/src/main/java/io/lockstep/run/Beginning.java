package io.lockstep.run;

import io.lockstep.data.InputException;
import io.lockstep.ps.TrainingState;
import java.util.List;
import java.util.Locale;

/**
 * How a run begins that takes up another one's last state.
 *
 * <p>It is a run of its own: rounds and epochs are counted from 0, early stopping remembers
 * nothing, the plan may differ in all but the network and the kind of optimizer. Parameters, what
 * the optimizer remembers and its count of steps go on.
 *
 * @param from the other run
 * @param start the checkpoint of round 0 with which the new run's directory is made
 */
public record Beginning(Predecessor from, Checkpoint start) {
  /**
   * The beginning of a run of {@code plan} after {@code last} of another run.
   *
   * @param run directory of the other one, as the user named it
   * @param last its newest state, see {@link RunDirectory#newest}
   * @param plan fingerprint of the new plan
   * @param fresh what the new plan's network would begin with
   * @param velocity what its outer optimizer would begin with
   * @throws InputException if the two networks or optimizers do not fit each other
   */
  public static Beginning after(
      String run, SavedState last, String plan, TrainingState fresh, float[] velocity) {
    Checkpoint old = last.checkpoint();
    TrainingState state = old.state();
    fit(run, "parameters in its network", state.parameters(), fresh.parameters());
    fit(run, "values that its optimizer remembers", state.updater(), fresh.updater());
    boolean sameOuter = old.velocity().length == velocity.length;
    var start =
        new Checkpoint(
            plan,
            Position.START,
            state.at(state.step(), 0),
            sameOuter ? old.velocity() : velocity,
            Patience.NONE,
            List.of(),
            false);
    var from = new Predecessor(run, last.name(), old.plan(), old.position().round(), state.step());
    return new Beginning(from, start);
  }

  private static void fit(String run, String what, float[] theirs, float[] ours) {
    if (theirs.length != ours.length) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has %,d %s, this plan's has %,d: a run begins from another one's state only with"
                  + " the same layers and the same kind of optimizer.",
              run,
              theirs.length,
              what,
              ours.length));
    }
  }
}
