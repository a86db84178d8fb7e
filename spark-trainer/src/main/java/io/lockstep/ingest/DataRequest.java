package io.lockstep.ingest;

import io.lockstep.data.InputException;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.Deal.Arrangement;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.series.SeriesSource;
import io.lockstep.plan.DataPlan.Normalization;
import java.util.Optional;

/**
 * What is to be ingested for a run.
 *
 * @param train source of what is trained and held out
 * @param test source of what is evaluated at the end, if any
 * @param validation share to hold out, [0, 1)
 * @param tested share of the training source to hold out as the test, [0, 1)
 * @param replicas that training examples are dealt to; every part is cut into as many pieces
 * @param seed of the plan
 * @param normalization of features
 * @param windowBytes of examples that a replica shuffles together
 * @param arrangement of the training source
 * @param lanes streams of a piece where examples stay in order, else 1
 * @param standardizedTargets whether numbers to be predicted are standardised
 * @param countsClasses whether the training examples of each class are counted
 */
public record DataRequest(
    ExampleSource train,
    Optional<ExampleSource> test,
    double validation,
    double tested,
    int replicas,
    long seed,
    Normalization normalization,
    long windowBytes,
    Arrangement arrangement,
    int lanes,
    boolean standardizedTargets,
    boolean countsClasses) {
  /**
   * @throws io.lockstep.data.InputException if the source cannot hold out what is asked for
   */
  public DataRequest {
    if (tested > 0 && test.isPresent()) {
      throw new IllegalArgumentException("a test of its own, and a share of the training source");
    }
    if (tested > 0 && train instanceof SeriesSource) {
      throw new InputException(
          "data.test: a fraction cannot be held out of series, whose windows overlap; name the file"
              + " once more, {series: {path: ..., from: TIME}}, and end data.train with until:"
              + " TIME");
    }
    train = train.holdingOut(validation, arrangement == Arrangement.SHUFFLED);
  }

  /** A request that leaves classes uncounted. */
  public DataRequest(
      ExampleSource train,
      Optional<ExampleSource> test,
      double validation,
      int replicas,
      long seed,
      Normalization normalization,
      long windowBytes,
      Arrangement arrangement,
      int lanes,
      boolean standardizedTargets) {
    this(
        train,
        test,
        validation,
        0,
        replicas,
        seed,
        normalization,
        windowBytes,
        arrangement,
        lanes,
        standardizedTargets,
        false);
  }

  /** A request whose training examples are shuffled. */
  public DataRequest(
      ExampleSource train,
      Optional<ExampleSource> test,
      double validation,
      int replicas,
      long seed,
      Normalization normalization,
      long windowBytes) {
    this(
        train,
        test,
        validation,
        0,
        replicas,
        seed,
        normalization,
        windowBytes,
        Arrangement.SHUFFLED,
        1,
        false,
        false);
  }

  /**
   * Who owns which of the training source's examples.
   *
   * @throws InputException if nothing would be left to train
   */
  Deal deal(Settled source) {
    if (source.held().isPresent()) {
      long held = source.held().getAsLong();
      return new Deal(source.examples(), held, replicas, seed, arrangement, lanes);
    }
    try {
      return Deal.training(
          source.examples(), validation, tested, replicas, seed, arrangement, lanes);
    } catch (InputException e) {
      throw new InputException(
          (tested > 0 ? "data.test: " : "data.validation: ") + e.getMessage(), e);
    }
  }

  /** The same with other examples. */
  public DataRequest with(ExampleSource otherTrain, Optional<ExampleSource> otherTest) {
    return new DataRequest(
        otherTrain,
        otherTest,
        validation,
        otherTest.isPresent() ? 0 : tested,
        replicas,
        seed,
        normalization,
        windowBytes,
        arrangement,
        lanes,
        standardizedTargets,
        countsClasses);
  }
}
