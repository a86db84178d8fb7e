package io.lockstep.train;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A part of a round, for the JDK's Flight Recorder: where the time of a round goes, thread by
 * thread, beside all else that a recording has. Costs next to nothing while nobody records.
 *
 * <p>On the driver a {@code round} lasts from its start to the merged result; it begins with {@code
 * send} (the state made ready to travel), and {@code merge} is its end; {@code update} makes the
 * next state of it. A replica's {@code fetch} waits for the state, its {@code task} holds {@code
 * load} (the state into the network), for each step {@code minibatch} (assembled) and {@code step}
 * (trained), and {@code state} (out of the network); {@code reply} sends what goes back.
 */
@Name("io.lockstep.RoundPart")
@Label("Part of a Round")
@Description("What a round of synchronous training spends its time on")
@Category("Lockstep")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class RoundPart extends Event {
  /** Stands for the driver. */
  private static final int DRIVER = -1;

  @Label("Part")
  private final String part;

  @Label("Replica")
  @Description("Its number; -1 on the driver")
  private final int replica;

  private RoundPart(String part, int replica) {
    this.part = part;
    this.replica = replica;
  }

  /** A part that begins now in the driver; it ends with {@link #commit}. */
  public static RoundPart begin(String part) {
    return begin(part, DRIVER);
  }

  /** A part that begins now in a replica; it ends with {@link #commit}. */
  public static RoundPart begin(String part, int replica) {
    var begun = new RoundPart(part, replica);
    begun.begin();
    return begun;
  }
}
