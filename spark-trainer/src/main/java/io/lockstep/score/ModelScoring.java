package io.lockstep.score;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Schema;
import io.lockstep.data.exchange.Prepared;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.text.TextLayout;
import io.lockstep.ingest.Dealt.Feeding;
import io.lockstep.model.ModelCard;
import io.lockstep.model.ModelFile;
import io.lockstep.model.NetworkInput;
import io.lockstep.model.Replica;
import io.lockstep.model.Replica.Scored;
import io.lockstep.train.LikeTraining;
import io.lockstep.train.Probe;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;

/**
 * A trained network, and examples that it is to score, fitted to each other: all that can be wrong
 * before an example is read has been found.
 *
 * @param source of the examples, as they are read
 * @param how that is
 * @param layout of them
 * @param work what a JVM must know to score them
 */
public record ModelScoring(
    ExampleSource source, ToScore how, SourceLayout layout, ScoringWork work) {
  /** The column of an example's number, where its source knows nothing else of it. */
  private static final List<String> NUMBER = List.of("example");

  /**
   * Fits network and examples to each other.
   *
   * @param how the examples are read
   * @param batch examples of one forward pass
   * @throws InputException if they do not fit each other, or are not to be scored
   * @throws IOException if the file system fails
   */
  public static ModelScoring of(
      ModelFile model,
      ExampleSource examples,
      ToScore how,
      Wanted wanted,
      int batch,
      Configuration hadoop)
      throws IOException {
    ModelCard card = model.card();
    ExampleSource source = LikeTraining.source(card, examples).toScore(how);
    if (card.isLanguageModel() || card.streams().isPresent()) {
      throw new InputException(
          "a language model has no examples to be scored one by one: lockstep evaluate measures it,"
              + " lockstep generate lets it write");
    }
    SourceLayout layout = SmallerSplits.of(source.layout(hadoop));
    check(card, layout);
    var prepared =
        new Prepared(layout.schema(), layout.text().map(TextLayout::options), card.preparation());
    Feeding feeding = Feeding.of(prepared.schema(), card.preparation());
    ScoringWork work =
        new ScoringWork(
            model.networks(),
            model.state().parameters(),
            ParameterHash.of(model.state().parameters()),
            prepared,
            card.preparation(),
            feeding,
            outputs(model, feeding),
            wanted,
            batch);
    var scoring = new ModelScoring(source, how, layout, work);
    scoring.checkNames();
    return scoring;
  }

  private static void check(ModelCard card, SourceLayout layout) {
    if (layout.text().isPresent() != card.text().isPresent()) {
      throw new InputException(
          card.text().isPresent()
              ? "the model takes text, the data is numbers: name a source of texts"
              : "the model takes numbers, the data is text: name a source of numbers");
    }
    NetworkInput taken = card.input();
    OptionalInt vocabulary =
        card.text().stream().mapToInt(it -> it.vocabulary().size()).findFirst();
    Schema schema =
        new Prepared(layout.schema(), layout.text().map(TextLayout::options), card.preparation())
            .schema();
    boolean labelled = !schema.labels().isEmpty();
    NetworkInput given =
        labelled
            ? NetworkInput.of(schema, vocabulary)
            : new NetworkInput(schema.inputs(), vocabulary, taken.perStep());
    if (!given.isLike(taken)) {
      throw new InputException(
          "the model takes %s, the data has %s: give data like that of training"
              .formatted(taken.described(), given.described()));
    }
  }

  /** Asks the network what it puts out, by letting it score an example of zeros. */
  private static Outputs outputs(ModelFile model, Feeding feeding) {
    var names = new Outputs(model.card().labels(), List.of(), List.of(), false).names();
    try (Replica network = model.networks().create()) {
      List<Scored> scored = network.score(Probe.zeros(feeding), names);
      List<Integer> widths = scored.stream().map(Scored::width).toList();
      for (int output = 0; output < widths.size(); output++) {
        model.card().labels().each().get(output).widthFor(widths.get(output));
      }
      return new Outputs(
          model.card().labels(),
          widths,
          scored.stream().map(Scored::perStep).toList(),
          scored.stream().allMatch(it -> it.losses().length > 0),
          model.card().threshold().isPresent()
              ? (float) model.card().threshold().getAsDouble()
              : Float.NaN);
    }
  }

  private void checkNames() {
    List<String> passed = passed().stream().map(ModelScoring::lower).toList();
    for (ScoreColumn column : table().columns()) {
      if (passed.contains(lower(column.name()))) {
        throw new InputException(
            "the data has a column '%s', as the scores do: say with --keep which columns are to be kept beside them"
                .formatted(column.name()));
      }
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(java.util.Locale.ROOT);
  }

  /** The columns of scores. */
  public ScoreTable table() {
    return new ScoreTable(work.outputs(), work.wanted());
  }

  /** Names of what is passed through, or of the number of an example. */
  public List<String> passed() {
    return numbered() ? NUMBER : layout.passed();
  }

  /** Whether examples are known by their numbers alone. */
  public boolean numbered() {
    return source.splitsAreRows();
  }

  /** Whether examples have labels to compare with. */
  public boolean labelled() {
    return !layout.schema().labels().isEmpty();
  }

  /** The same with records that are left out at hand, to be set aside. */
  public ModelScoring keepingSkipped() {
    return new ModelScoring(source.toScore(how.withSkipped()), how, layout, work);
  }

  /** The same, read by another layout. */
  public ModelScoring with(SourceLayout other) {
    return new ModelScoring(source, how, other, work);
  }
}
