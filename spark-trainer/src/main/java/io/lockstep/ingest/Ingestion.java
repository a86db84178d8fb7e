package io.lockstep.ingest;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.exchange.ClassCountFit;
import io.lockstep.data.exchange.EncodingFit;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.exchange.StandardizationFit;
import io.lockstep.data.exchange.VocabularyFit;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.order.BlockSize;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.Part;
import io.lockstep.data.series.SeriesLayout;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.ReadAgain;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.TextVectorization;
import io.lockstep.data.text.Vocabulary;
import io.lockstep.plan.DataPlan.Normalization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Reads the data of a run, each byte once, and deals it to replicas.
 *
 * <p>In this order: the splits of a source are read and kept as they are; the driver settles what
 * they reported; a standardisation or a vocabulary is fitted on what was read; then one exchange
 * sends each example to its piece, and what was read is let go. Nothing is written anywhere, so
 * everything that is wrong with the data is found before a run leaves a trace.
 *
 * @param <P> the pieces of a source, as the site keeps them
 */
public final class Ingestion<P> {
  private final Site<P> site;

  /** Ingests at {@code site}. */
  public Ingestion(Site<P> site) {
    this.site = site;
  }

  /**
   * The data of a run, where it is kept.
   *
   * @param dealt what is known of it
   * @param train pieces of what is trained and held out
   * @param test pieces of what is evaluated at the end, if any
   */
  public record Kept<P>(Dealt dealt, P train, Optional<P> test, Site<P> site)
      implements AutoCloseable {
    /** The pieces that {@code part} is among; a test may be held out of the training source. */
    public P pieces(Part part) {
      return part == Part.TEST ? test.orElse(train) : train;
    }

    /** Lets the site forget them, each once: what is only measured is both. */
    @Override
    public void close() {
      try {
        test.filter(it -> it != train).ifPresent(site::release);
      } finally {
        site.release(train);
      }
    }
  }

  /**
   * Ingests the data of a run.
   *
   * @throws InputException if the data must be mended, or does not suit the plan
   * @throws IOException if a file system fails
   */
  public Kept<P> run(DataRequest request) throws IOException {
    try (Read<P> train = read("data.train", request.train())) {
      Settled settled = train.settled();
      Deal deal = request.deal(settled);
      if (deal.count(Part.TRAINING) == 0) {
        throw new InputException(
            "data.validation is %s, which holds out all of the %,d examples and leaves none to train: take a smaller one, or provide more examples"
                .formatted(request.validation(), settled.examples()));
      }
      if (deal.count(Part.TRAINING) < request.replicas()) {
        throw new InputException(
            "training.replicas is %d, but there are only %d examples to train: take fewer replicas"
                .formatted(request.replicas(), deal.count(Part.TRAINING)));
      }
      Preparation preparation = preparation(request, train, deal);
      List<Long> counts = classCounts(request, train, deal);
      if (request.test().isEmpty()) {
        return kept(request, exchange(settled, deal, preparation), counts, train, Optional.empty());
      }
      ExampleSource test = like(settled, request.test().get());
      try (Read<P> held = read("data.test", test)) {
        checkAlike(settled, held.settled());
        return kept(
            request, exchange(settled, deal, preparation), counts, train, Optional.of(held));
      }
    }
  }

  private Kept<P> kept(
      DataRequest request,
      Exchange train,
      List<Long> counts,
      Read<P> trainRead,
      Optional<Read<P>> test) {
    P pieces = trainRead.raw().exchange(train);
    trainRead.raw().close();
    try {
      Optional<Exchange> exchange =
          test.map(
              it ->
                  exchange(
                      it.settled(),
                      Deal.test(it.settled().examples(), request.replicas(), request.lanes()),
                      train.preparation()));
      Optional<P> testPieces = test.map(it -> it.raw().exchange(exchange.get()));
      return new Kept<>(
          new Dealt(train, exchange, request.windowBytes(), counts), pieces, testPieces, site);
    } catch (RuntimeException | Error e) {
      site.release(pieces);
      throw e;
    }
  }

  /**
   * Ingests examples that are only evaluated.
   *
   * @param source already like that of training
   * @param preparation of the model
   * @param pieces number of pieces for a number of examples
   * @param lanes streams of a piece, 1 if examples do not hang together
   */
  public Kept<P> evaluated(
      ExampleSource source, Preparation preparation, LongToIntFunction pieces, int lanes)
      throws IOException {
    try (Read<P> read = read("the data", source)) {
      Settled settled = read.settled();
      if (settled.examples() < 1) {
        throw new InputException("the data has no examples: there is nothing to evaluate");
      }
      Deal deal = Deal.test(settled.examples(), pieces.applyAsInt(settled.examples()), lanes);
      if (settled.layout().text().isPresent() != preparation.text().isPresent()) {
        throw new InputException(
            preparation.text().isPresent()
                ? "the model takes text, the data is numbers: name a source of texts"
                : "the model takes numbers, the data is text: name a source of numbers");
      }
      Exchange exchange = exchange(settled, deal, preparation);
      P kept = read.raw().exchange(exchange);
      return new Kept<>(
          new Dealt(exchange, Optional.of(exchange), 1), kept, Optional.of(kept), site);
    }
  }

  private static Exchange exchange(Settled settled, Deal deal, Preparation preparation) {
    var prepared = new Exchange(settled, deal, preparation, 1).schema();
    return new Exchange(settled, deal, preparation, BlockSize.of(prepared, settled.meanSteps()));
  }

  /** Training examples of each class, if that is asked for. */
  private static <P> List<Long> classCounts(DataRequest request, Read<P> train, Deal deal) {
    Settled settled = train.settled();
    if (!request.countsClasses() || !Dealt.haveOneClassEach(settled)) {
      return List.of();
    }
    return train.raw().fit(raw(settled, deal), classCounts(settled));
  }

  static ClassCountFit classCounts(Settled settled) {
    return new ClassCountFit(settled.schema().firstLabel(), settled.labels().width());
  }

  /** Of examples as they were read. */
  static Exchange raw(Settled settled, Deal deal) {
    return new Exchange(settled, deal, new Preparation.Numbers(new Normalizer.Identity()), 1);
  }

  private static <P> Preparation preparation(DataRequest request, Read<P> train, Deal deal) {
    Normalization kind = request.normalization();
    Settled settled = train.settled();
    if (request.standardizedTargets()
        && settled.labels().each().stream().noneMatch(Labels.Targets.class::isInstance)) {
      throw new InputException(
          "data.standardizeTargets is for numbers to be predicted, but the data has classes");
    }
    Exchange raw = raw(settled, deal);
    if (settled.layout().text().isPresent()) {
      if (kind != Normalization.NONE) {
        throw new InputException(
            "data.normalize: the examples are text, whose tokens are no numbers; leave it out");
      }
      TextOptions options = settled.layout().text().get().options();
      var fit = VocabularyFit.over(settled.layout().splits().size(), options);
      Vocabulary vocabulary;
      try {
        vocabulary = train.raw().fit(raw, fit);
      } catch (InputException e) {
        throw new InputException("data.train: " + e.getMessage(), e);
      }
      return new Preparation.Texts(TextVectorization.of(options, vocabulary));
    }
    return new Preparation.Numbers(
        inputs(request, train, raw),
        request.standardizedTargets() ? targets(train, raw) : List.of());
  }

  private static <P> List<Normalizer> inputs(DataRequest request, Read<P> train, Exchange raw) {
    List<Normalizer> normalizers = new ArrayList<>();
    if (!train.settled().layout().kinds().isEmpty()) {
      EncodingFits.of(train.settled()).forEach(fit -> normalizers.add(encoding(train, raw, fit)));
      return normalizers;
    }
    for (Field input : train.settled().schema().inputs()) {
      boolean asItIs = !request.train().normalizes(input.name());
      normalizers.add(
          switch (asItIs ? Normalization.NONE : request.normalization()) {
            case NONE -> new Normalizer.Identity();
            case SCALE -> new Normalizer.PixelScaling();
            case STANDARDIZE -> train.raw().fit(raw, fit(train.settled(), normalizers.size()));
          });
    }
    return normalizers;
  }

  private static <P> Normalizer encoding(Read<P> train, Exchange raw, EncodingFit fit) {
    try {
      return train.raw().fit(raw, fit);
    } catch (InputException e) {
      throw new InputException("data.train: " + e.getMessage(), e);
    }
  }

  /** What is done to the numbers that each output is to predict; nothing to classes. */
  private static <P> List<Normalizer> targets(Read<P> train, Exchange raw) {
    Schema schema = train.settled().schema();
    List<Normalizer> normalizers = new ArrayList<>();
    for (Labels labels : train.settled().labels().each()) {
      int output = normalizers.size();
      normalizers.add(
          labels instanceof Labels.Targets
              ? train.raw().fit(raw, fit(train.settled(), schema.firstLabel() + output))
              : new Normalizer.Identity());
    }
    return normalizers;
  }

  /** Of windows of series each column has one mean and deviation, whatever the step. */
  private static StandardizationFit fit(Settled settled, int column) {
    int width = settled.schema().fields().get(column).width();
    Optional<SeriesOptions> series = settled.layout().series().map(SeriesLayout::options);
    int row = series.map(it -> column == 0 ? it.width() : it.targets().size()).orElse(width);
    return new StandardizationFit(column, row, width / row);
  }

  /** The test set understood as the training set is. */
  private static ExampleSource like(Settled train, ExampleSource test) {
    ExampleSource like = test.like(train.labels(), train.layout().columns());
    List<Column> kinds = train.layout().kinds();
    ExampleSource same = kinds.isEmpty() ? like : like.withColumns(ColumnRules.exactly(kinds));
    if (train.layout().series().isPresent()) {
      return same.seriesLike(train.layout().series().get());
    }
    return train.layout().text().isPresent()
        ? same.preparedLike(train.layout().text().get().options())
        : same;
  }

  private record Read<P>(Settled settled, Site.Raw<P> raw) implements AutoCloseable {
    @Override
    public void close() {
      raw.close();
    }
  }

  private Read<P> read(String key, ExampleSource asked) throws IOException {
    try {
      ExampleSource source = site.tables().opened(asked);
      SourceLayout layout = source.layout(site.hadoop());
      while (true) {
        Site.Raw<P> raw = site.read(source, layout);
        try {
          Settlement settlement = source.settle(layout, raw.reports());
          if (settlement instanceof Settled settled) {
            return new Read<>(settled, raw);
          }
          layout = ((ReadAgain) settlement).layout();
        } catch (RuntimeException | Error e) {
          raw.close();
          throw e;
        }
        raw.close();
      }
    } catch (InputException e) {
      throw new InputException(key + ": " + e.getMessage(), e);
    }
  }

  private static void checkAlike(Settled train, Settled test) {
    if (test.layout().text().isPresent() != train.layout().text().isPresent()) {
      throw new InputException("data.test is text, data.train is not: both must be alike");
    }
    if (train.schema().inputs().size() == 1 && test.schema().inputs().size() == 1) {
      if (!train.shape().equals(test.shape())) {
        throw new InputException(
            "data.test has examples of shape %s, data.train of shape %s: both must be alike"
                .formatted(test.shape(), train.shape()));
      }
    } else if (!fields(train.schema().inputs()).equals(fields(test.schema().inputs()))) {
      throw new InputException(
          "data.test has the inputs %s, data.train has %s: both must be alike"
              .formatted(fields(test.schema().inputs()), fields(train.schema().inputs())));
    }
    boolean several = train.schema().labels().size() > 1 || test.schema().labels().size() > 1;
    if (several && !fields(train.schema().labels()).equals(fields(test.schema().labels()))) {
      throw new InputException(
          "data.test has the outputs %s, data.train has %s: both must be alike"
              .formatted(fields(test.schema().labels()), fields(train.schema().labels())));
    }
  }

  /** Names and shapes: what must be the same, whatever numbers are held in. */
  private static List<String> fields(List<Field> fields) {
    return fields.stream()
        .map(field -> field.name() + " " + field.shape() + (field.sequence() ? " per step" : ""))
        .toList();
  }
}
