package io.lockstep.data.source.text;

import io.lockstep.data.Labels;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.text.TextOptions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Texts whose class is the name of what they lie in, a file or a folder.
 *
 * @param <S> the source itself
 */
interface TextsByName<S extends TextsByName<S>> extends ExampleSource {
  /** Where they lie. */
  String path();

  /** Names in label order; empty to sort those that are found. */
  List<String> classes();

  /** How texts become tokens. */
  TextOptions text();

  /** What becomes of records that cannot be used. */
  BadRecords badRecords();

  /** How they are read to be scored. */
  ToScore how();

  /** What the classes are names of, such as {@code file}. */
  String container();

  /** The same source otherwise. */
  S with(String path, List<String> classes, TextOptions text, BadRecords badRecords, ToScore how);

  /** Whether the classes of all texts are known, and wanted. */
  default boolean labelled(Stream<String> found) {
    return !how().on() || (how().labels() && found.allMatch(classes()::contains));
  }

  @Override
  default Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    return TextFiles.settle(path(), classes(), container(), layout, reports);
  }

  @Override
  default S like(Labels known, List<String> columns) {
    return with(path(), known.names(), text(), badRecords(), how());
  }

  @Override
  default S preparedLike(TextOptions other) {
    return with(path(), classes(), other, badRecords(), how());
  }

  @Override
  default S withBadRecords(BadRecords policy) {
    return with(path(), classes(), text(), policy, how());
  }

  @Override
  default S toScore(ToScore other) {
    return with(path(), classes(), text(), badRecords(), other);
  }

  @Override
  default Optional<ExampleSource> at(String other) {
    return Optional.of(with(other, classes(), text(), badRecords(), how()));
  }

  @Override
  default String name() {
    return path();
  }
}
