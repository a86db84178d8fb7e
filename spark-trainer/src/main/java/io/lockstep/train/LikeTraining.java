package io.lockstep.train;

import io.lockstep.data.normalize.Column;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.normalize.Encoding;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.text.TextVectorization;
import io.lockstep.model.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** New examples understood as those were that a model was trained on. */
public final class LikeTraining {
  private LikeTraining() {}

  /**
   * {@code source} with the classes, columns, tokens and windows of training.
   *
   * @throws io.lockstep.data.InputException if it cannot be understood so
   */
  public static ExampleSource source(ModelCard card, ExampleSource source) {
    List<String> columns = card.table().map(ModelCard.Table::columns).orElse(List.of());
    Optional<TextVectorization> text = card.text();
    ExampleSource like = source.like(card.labels(), columns);
    like = like.withColumns(ColumnRules.exactly(columns(card)));
    if (card.masked().isPresent()) {
      like = like.masked(card.masked().getAsDouble());
    }
    if (text.isPresent()) {
      like = like.preparedLike(text.get().options(card.input().labelsPerStep()));
    }
    return card.series().isPresent() ? like.seriesLike(card.series().get()) : like;
  }

  /** What was made of the columns of all inputs; empty if nothing was. */
  private static List<Column> columns(ModelCard card) {
    List<Column> columns = new ArrayList<>();
    for (int input = 0; input < card.input().inputs().size(); input++) {
      if (card.preparation().input(input) instanceof Encoding encoding) {
        encoding.known().stream().filter(it -> !columns.contains(it)).forEach(columns::add);
      }
    }
    return columns;
  }
}
