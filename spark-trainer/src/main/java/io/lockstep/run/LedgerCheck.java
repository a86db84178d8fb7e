package io.lockstep.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Proves from the ledger that each example was trained exactly once per epoch, or says where not.
 *
 * <p>In each epoch the shares of a replica must cover its order of the epoch without gap or
 * overlap, and the ids that were trained, by their hash, must be those of the order. Together the
 * replicas own each example of the training split once, so each was trained once. Only the last
 * epoch may be incomplete: the run was stopped in it, or still runs.
 */
public final class LedgerCheck {
  private static final int IDS_SHOWN = 5;
  private static final int PROBLEMS_SHOWN = 50;

  private final TrainingOrder order;
  private final List<String> problems = new ArrayList<>();
  private int completeEpochs;
  private long trained;
  private long trainedInLast;
  private long owned;

  private LedgerCheck(TrainingOrder order) {
    this.order = order;
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
  public static Report verify(List<LedgerRound> rounds, TrainingOrder order) {
    var check = new LedgerCheck(order);
    check.run(rounds);
    return new Report(
        check.completeEpochs,
        check.owned,
        check.trained,
        check.trainedInLast,
        List.copyOf(check.problems));
  }

  private void run(List<LedgerRound> rounds) {
    for (int replica = 0; replica < order.replicas(); replica++) {
      owned += order.ids(0, replica).length;
    }
    var epochs = new TreeMap<Integer, List<Entry>>();
    long expected = 0;
    for (LedgerRound round : rounds) {
      if (round.round() != expected) {
        problem("round %,d follows where round %,d should".formatted(round.round(), expected));
      }
      expected = round.round() + 1;
      for (LedgerRound.Share share : round.shares()) {
        epochs
            .computeIfAbsent(round.epoch(), epoch -> new ArrayList<>())
            .add(new Entry(round.round(), share));
      }
    }
    int next = 0;
    for (Map.Entry<Integer, List<Entry>> epoch : epochs.entrySet()) {
      if (epoch.getKey() > next) {
        problem("nothing was trained in epochs %d to %d".formatted(next, epoch.getKey() - 1));
      }
      boolean last = epoch.getKey().equals(epochs.lastKey());
      completeEpochs += epoch(epoch.getKey(), epoch.getValue(), last) ? 1 : 0;
      next = epoch.getKey() + 1;
    }
  }

  private record Entry(long round, LedgerRound.Share share) {}

  /** Checks one epoch; returns whether each example was trained in it. */
  private boolean epoch(int epoch, List<Entry> entries, boolean last) {
    Map<Integer, List<Entry>> byReplica =
        entries.stream().collect(Collectors.groupingBy(entry -> entry.share().replica()));
    for (int replica : byReplica.keySet()) {
      if (replica >= order.replicas()) {
        problem(
            "epoch %d: a replica %d trained, but the plan has %d"
                .formatted(epoch, replica, order.replicas()));
      }
    }
    boolean complete = true;
    long trainedHere = 0;
    for (int replica = 0; replica < order.replicas(); replica++) {
      int[] ids = order.ids(epoch, replica);
      long covered = replica(epoch, replica, ids, byReplica.getOrDefault(replica, List.of()));
      trainedHere += covered;
      if (covered < ids.length) {
        complete = false;
        if (!last) {
          missing(epoch, replica, ids, (int) covered, ids.length);
        }
      }
    }
    trained += trainedHere;
    trainedInLast = complete ? 0 : trainedHere;
    return complete;
  }

  /** Checks one replica; returns the position up to which its order was covered. */
  private int replica(int epoch, int replica, int[] ids, List<Entry> entries) {
    List<Entry> ascending =
        entries.stream()
            .sorted(
                Comparator.comparingInt((Entry entry) -> entry.share().from())
                    .thenComparingInt(entry -> entry.share().to()))
            .toList();
    int next = 0;
    for (Entry entry : ascending) {
      LedgerRound.Share share = entry.share();
      if (share.to() > ids.length) {
        problem(
            "epoch %d, replica %d: round %,d trained up to position %,d of %,d"
                .formatted(epoch, replica, entry.round(), share.to(), ids.length));
        continue;
      }
      if (share.from() > next) {
        missing(epoch, replica, ids, next, share.from());
      }
      if (share.from() < next && share.to() > share.from()) {
        duplicated(epoch, replica, ids, share.from(), Math.min(next, share.to()));
      }
      if (share.hash() != IdHash.of(ids, share.from(), share.to())) {
        problem(
            "epoch %d, replica %d: round %,d trained other examples than positions %,d to %,d of its order"
                .formatted(epoch, replica, entry.round(), share.from(), share.to() - 1));
      }
      next = Math.max(next, share.to());
    }
    return next;
  }

  private void missing(int epoch, int replica, int[] ids, int from, int to) {
    span("%,d examples were not trained", epoch, replica, ids, from, to);
  }

  private void duplicated(int epoch, int replica, int[] ids, int from, int to) {
    span("%,d examples were trained more than once", epoch, replica, ids, from, to);
  }

  private void span(String what, int epoch, int replica, int[] ids, int from, int to) {
    int[] shown = Arrays.copyOfRange(ids, from, Math.min(to, from + IDS_SHOWN));
    String list =
        Arrays.stream(shown).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    problem(
        "epoch %d, replica %d: %s: positions %,d to %,d of its order (ids %s%s)"
            .formatted(
                epoch,
                replica,
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
}
