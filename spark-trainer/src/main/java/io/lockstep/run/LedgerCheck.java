package io.lockstep.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Proves from the ledger that each example was trained exactly once per epoch, or says where not.
 *
 * <p>In each epoch the shares of a replica must cover its order of the epoch without gap or
 * overlap, and the ids that were trained, by their hash, must be those of the order. Together the
 * replicas own each example of the training split once, so each was trained once. Only the last
 * epoch may be incomplete: the run was stopped in it, or still runs.
 *
 * <p>Ledger and order are gone through side by side, round by round; neither is held in memory.
 */
public final class LedgerCheck {
  private static final int IDS_SHOWN = 5;
  private static final int PROBLEMS_SHOWN = 50;

  private final TrainingOrder order;
  private final List<String> problems = new ArrayList<>();
  private final Cursor[] cursors; // one per replica, of the epoch at hand
  private final Set<Integer> unknownReplicas = new HashSet<>(); // named in the epoch at hand
  private int epoch = -1; // at hand
  private long nextRound;
  private int completeEpochs;
  private long trained;
  private long trainedInLast;
  private long owned;

  private LedgerCheck(TrainingOrder order) {
    this.order = order;
    cursors = new Cursor[order.replicas()];
    for (int replica = 0; replica < cursors.length; replica++) {
      owned += order.size(replica);
    }
  }

  /**
   * What the plan and the data as it is now let expect of a run.
   *
   * @param epochs of the plan
   * @param data content hash by source, such as {@code train}, as it is now; those that the run
   *     remembered must be equal
   */
  public record Expectation(int epochs, Map<String, String> data) {
    public Expectation {
      data = Map.copyOf(data);
    }
  }

  /**
   * What the ledger proves.
   *
   * @param completeEpochs epochs in which each example was trained
   * @param examples of the training split
   * @param trained examples over all epochs, repeated ones counted again
   * @param trainedInProgress examples of the epoch after the complete ones, 0 if it has not begun
   * @param problems found, one sentence each; empty if each example was trained exactly once
   */
  public record Report(
      int completeEpochs,
      long examples,
      long trained,
      long trainedInProgress,
      List<String> problems) {
    /** Whether each example was trained exactly once in each epoch, as far as the run has come. */
    public boolean isExact() {
      return problems.isEmpty();
    }

    /** The verdict in one or more lines. */
    @Override
    public String toString() {
      if (!isExact()) {
        return "The ledger is not exact:\n  " + String.join("\n  ", problems);
      }
      String done =
          "Exact: each of %,d examples was trained exactly once in each of %,d epochs"
              .formatted(examples, completeEpochs);
      return trainedInProgress == 0
          ? done + "."
          : "%s, and %,d of them so far, once each, in epoch %,d."
              .formatted(done, trainedInProgress, completeEpochs);
    }
  }

  /** Checks {@code rounds}, all of a run in order, against the plan's order. */
  public static Report verify(Iterable<LedgerRound> rounds, TrainingOrder order) {
    var check = new LedgerCheck(order);
    rounds.forEach(check::round);
    check.endEpoch(true);
    return check.report();
  }

  /**
   * Checks the ledger of {@code run} against the plan's order, its end against the plan's epochs,
   * and the data it remembers against the data as it is now.
   *
   * @throws IOException if the logs cannot be read
   */
  public static Report verify(RunDirectory run, TrainingOrder order, Expectation expected)
      throws IOException {
    var check = new LedgerCheck(order);
    run.forEachRound(check::round);
    check.endEpoch(true);
    var last = new JsonNode[1];
    run.forEachEvent(
        event -> {
          last[0] = event;
          if (event.path("event").asText().equals(RunEvent.Circumstances.KIND)) {
            check.data(event.path("data"), expected.data());
          }
        });
    check.epochs(last[0], expected.epochs());
    return check.report();
  }

  private Report report() {
    return new Report(completeEpochs, owned, trained, trainedInLast, List.copyOf(problems));
  }

  private void data(JsonNode then, Map<String, String> now) {
    for (String source : new java.util.TreeSet<>(now.keySet())) {
      String hash = then.path(source).asText("");
      if (!hash.isEmpty() && !hash.equals(now.get(source))) {
        problem(
            "data.%s is not what was trained: its content is %s now, it was %s"
                .formatted(source, now.get(source), hash));
      }
    }
  }

  private void epochs(JsonNode last, int epochs) {
    boolean finished =
        last != null
            && last.path("event").asText().equals(RunEvent.Ended.KIND)
            && last.path("outcome").asText().equals(RunEvent.Outcome.FINISHED.word());
    if (finished && completeEpochs < epochs) {
      problem(
          "the run ended as finished, but %,d of its plan's %,d epochs are complete"
              .formatted(completeEpochs, epochs));
    }
    if (completeEpochs > epochs) {
      problem("%,d epochs were trained, the plan has %,d".formatted(completeEpochs, epochs));
    }
  }

  private void round(LedgerRound round) {
    if (round.round() != nextRound) {
      problem("round %,d follows where round %,d should".formatted(round.round(), nextRound));
    }
    nextRound = round.round() + 1;
    if (round.epoch() < epoch) {
      problem(
          "round %,d is of epoch %d, but epoch %d had begun"
              .formatted(round.round(), round.epoch(), epoch));
      return;
    }
    if (round.epoch() > epoch) {
      endEpoch(false);
      if (round.epoch() > epoch + 1) {
        problem("nothing was trained in epochs %d to %d".formatted(epoch + 1, round.epoch() - 1));
      }
      beginEpoch(round.epoch());
    }
    for (LedgerRound.Share share : round.shares()) {
      if (share.replica() < cursors.length) {
        share(round.round(), share, cursors[share.replica()]);
      } else if (unknownReplicas.add(share.replica())) {
        problem(
            "epoch %d: a replica %d trained, but the plan has %d"
                .formatted(epoch, share.replica(), order.replicas()));
      }
    }
  }

  private void beginEpoch(int begun) {
    epoch = begun;
    unknownReplicas.clear();
    for (int replica = 0; replica < cursors.length; replica++) {
      cursors[replica] = new Cursor(order, epoch, replica);
    }
  }

  private void endEpoch(boolean last) {
    if (epoch < 0) {
      return;
    }
    boolean complete = true;
    long trainedHere = 0;
    for (Cursor cursor : cursors) {
      trainedHere += cursor.covered;
      if (cursor.covered < cursor.size) {
        complete = false;
        if (!last) {
          missing(cursor, cursor.covered, cursor.size);
        }
      }
    }
    trained += trainedHere;
    trainedInLast = complete ? 0 : trainedHere;
    completeEpochs += complete ? 1 : 0;
  }

  private void share(long round, LedgerRound.Share share, Cursor cursor) {
    if (share.to() > cursor.size) {
      problem(
          "epoch %d, replica %d: round %,d trained up to position %,d of %,d"
              .formatted(epoch, share.replica(), round, share.to(), cursor.size));
      return;
    }
    if (share.from() > cursor.covered) {
      missing(cursor, cursor.covered, share.from());
    }
    if (share.from() < cursor.covered && share.to() > share.from()) {
      span(
          "%,d examples were trained more than once",
          cursor, share.from(), Math.min(cursor.covered, share.to()));
    }
    // What repeats itself makes the order begin anew: not without end.
    if (problems.size() < PROBLEMS_SHOWN && share.hash() != cursor.hash(share.from(), share.to())) {
      problem(
          "epoch %d, replica %d: round %,d trained other examples than positions %,d to %,d of its order"
              .formatted(epoch, share.replica(), round, share.from(), share.to() - 1));
    }
    cursor.covered = Math.max(cursor.covered, share.to());
  }

  private void missing(Cursor cursor, long from, long to) {
    span("%,d examples were not trained", cursor, from, to);
  }

  private void span(String what, Cursor cursor, long from, long to) {
    if (problems.size() >= PROBLEMS_SHOWN) {
      return;
    }
    String list =
        LongStream.of(cursor.ids(from, Math.min(to, from + IDS_SHOWN)))
            .mapToObj(Long::toString)
            .collect(Collectors.joining(", "));
    problem(
        "epoch %d, replica %d: %s: positions %,d to %,d of its order (ids %s%s)"
            .formatted(
                epoch,
                cursor.replica,
                what.formatted(to - from),
                from,
                to - 1,
                list,
                to - from > IDS_SHOWN ? ", ..." : ""));
  }

  private void problem(String text) {
    if (problems.size() < PROBLEMS_SHOWN) {
      problems.add(text);
    }
  }

  /** Goes along the order of one replica in one epoch; begins anew where it is asked to go back. */
  private static final class Cursor {
    private final TrainingOrder order;
    private final int epoch;
    private final int replica;
    private final long size;
    private PrimitiveIterator.OfLong ids;
    private long at; // position that ids gives next
    private long covered; // up to here, all was trained or named as missing

    Cursor(TrainingOrder order, int epoch, int replica) {
      this.order = order;
      this.epoch = epoch;
      this.replica = replica;
      this.size = order.size(replica);
    }

    private void seek(long position) {
      if (ids == null || position < at) {
        ids = order.ids(epoch, replica);
        at = 0;
      }
      for (; at < position; at++) {
        ids.nextLong();
      }
    }

    /** The ids at a few positions. */
    long[] ids(long from, long to) {
      seek(from);
      long[] found = new long[Math.toIntExact(to - from)];
      for (int i = 0; i < found.length; i++, at++) {
        found[i] = ids.nextLong();
      }
      return found;
    }

    long hash(long from, long to) {
      seek(from);
      long hash = IdHash.EMPTY;
      for (; at < to; at++) {
        hash = IdHash.add(hash, ids.nextLong());
      }
      return hash;
    }
  }
}
