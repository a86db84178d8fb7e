package io.lockstep.ingest;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.exchange.EncodingFit;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.exchange.Fit;
import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.exchange.VocabularyFit;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.order.Deal;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.ReadAgain;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.TextVectorization;
import io.lockstep.data.text.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Looks what a source holds, and keeps nothing of it. */
public final class Survey {
  private Survey() {}

  /**
   * Reads all of a source in this thread, some MiB at a time.
   *
   * @throws io.lockstep.data.InputException if the data must be mended
   * @throws IOException if the file system fails
   */
  public static Settled of(ExampleSource source, Configuration hadoop) throws IOException {
    Settlement settlement = read(source, source.layout(hadoop), hadoop);
    while (settlement instanceof ReadAgain again) {
      settlement = read(source, again.layout(), hadoop);
    }
    return (Settled) settlement;
  }

  private static Settlement read(ExampleSource source, SourceLayout layout, Configuration hadoop)
      throws IOException {
    List<SplitReport> reports = new ArrayList<>();
    for (SourceSplit split : layout.splits()) {
      try (SplitReader reader = source.open(hadoop, layout, split)) {
        while (reader.next().isPresent()) {
          // only the report is wanted
        }
        reports.add(reader.report());
      }
    }
    return source.settle(layout, reports);
  }

  /**
   * What a run would make of its training examples, as far as networks must know it: with the
   * vocabulary of texts, without the statistics of numbers.
   *
   * @throws io.lockstep.data.InputException if the data must be mended
   * @throws IOException if the file system fails
   */
  public static Exchange exchange(DataRequest request, Configuration hadoop) throws IOException {
    Settled settled = of(request.train(), hadoop);
    Deal deal = request.deal(settled);
    var raw = new Exchange(settled, deal, new Normalizer.Identity(), 1);
    if (!settled.layout().kinds().isEmpty()) {
      List<Normalizer> encodings = new ArrayList<>();
      for (EncodingFit fit : EncodingFits.of(settled)) {
        encodings.add(fit(raw, fit, request.train(), hadoop));
      }
      return new Exchange(settled, deal, new Preparation.Numbers(encodings, List.of()), 1);
    }
    if (settled.layout().text().isEmpty()) {
      return raw;
    }
    TextOptions options = settled.layout().text().get().options();
    Vocabulary vocabulary = fit(raw, new VocabularyFit(options, 1), request.train(), hadoop);
    var text = TextVectorization.of(options, vocabulary);
    return new Exchange(settled, deal, new Preparation.Texts(text), 1);
  }

  /** Training examples of each class of such data, if {@code request} asks for it. */
  public static List<Long> classCounts(Exchange data, DataRequest request, Configuration hadoop)
      throws IOException {
    Settled settled = data.settled();
    if (!request.countsClasses() || !Dealt.haveOneClassEach(settled)) {
      return List.of();
    }
    Exchange raw = Ingestion.raw(settled, data.deal());
    return fit(raw, Ingestion.classCounts(settled), request.train(), hadoop);
  }

  private static <R> R fit(Exchange raw, Fit<R> fit, ExampleSource source, Configuration hadoop)
      throws IOException {
    SourceLayout layout = raw.settled().layout();
    List<Fit.Part> parts = new ArrayList<>();
    for (SourceSplit split : layout.splits()) {
      try (SplitReader reader = source.open(hadoop, layout, split)) {
        raw.collect(fit, split.index(), blocks(reader)).forEachRemaining(parts::add);
      }
    }
    return fit.finish(List.of(fit.merge(parts.iterator())));
  }

  private static Iterator<Block> blocks(SplitReader reader) {
    return Stream.generate(
            () -> {
              try {
                return reader.next();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .takeWhile(Optional::isPresent)
        .map(Optional::get)
        .iterator();
  }

  /** A settled source in a line. */
  public static String describe(Settled source) {
    if (source.layout().text().isPresent()) {
      TextOptions options = source.layout().text().get().options();
      return String.format(
          Locale.ROOT,
          "%,d texts, %.1f %ss in the mean%s",
          source.examples(),
          source.meanSteps(),
          options.tokenizer().unit().name().toLowerCase(Locale.ROOT),
          options.nextToken() ? "" : String.format(", %,d classes", source.labels().width()));
    }
    if (source.schema().inputs().size() > 1 || source.labels() instanceof Labels.Several) {
      return String.format(
          Locale.ROOT,
          "%,d examples, inputs %s, outputs %s%s",
          source.examples(),
          source.schema().inputs().stream()
              .map(it -> it.name() + " " + it.shape() + (it.sequence() ? " per step" : ""))
              .collect(Collectors.joining(", ")),
          outputs(source),
          source.schema().weighted() ? ", with weights" : "");
    }
    return String.format(
        Locale.ROOT,
        "%,d examples, features %s %s, %,d %s%s",
        source.examples(),
        source.shape(),
        source.schema().inputs().get(0).type().name().toLowerCase(Locale.ROOT),
        source.labels().width(),
        source.labels() instanceof Labels.Classes ? "classes" : "target(s)",
        source.schema().weighted() ? ", with weights" : "");
  }

  private static String outputs(Settled source) {
    List<String> outputs = new ArrayList<>();
    for (Labels labels : source.labels().each()) {
      outputs.add(
          String.format(
              Locale.ROOT,
              "%s (%,d %s)",
              source.schema().labels().get(outputs.size()).name(),
              labels.width(),
              labels instanceof Labels.Classes ? "classes" : "target(s)"));
    }
    return String.join(", ", outputs);
  }
}
