package io.lockstep.plan;

import io.lockstep.config.Problems;
import io.lockstep.config.Reading;
import io.lockstep.config.Yaml;
import io.lockstep.config.YamlText;
import io.lockstep.data.InputException;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.idx.EmbeddedSource;
import java.util.Optional;

/** Reads a source of examples that stands outside a plan, such as an option's value. */
public final class SourceParser {
  private SourceParser() {}

  /** Whether a plan has words for {@code source}. */
  public static boolean isWritten(ExampleSource source) {
    return SourceKeys.sources(EmbeddedSource.Part.TEST).options().values().stream()
        .anyMatch(option -> option.owns().test(source));
  }

  /**
   * Reads a source.
   *
   * @param text as {@code data.test} would have it, such as {@code {csv: {path: p, label: y}}}
   * @param origin of the text, for messages, such as {@code --data}
   * @throws InputException with all problems of the text
   */
  public static ExampleSource parse(String text, String origin) {
    Problems problems = new Problems(origin);
    Yaml value = YamlText.value(text, origin, problems);
    problems.throwIfAny();
    Optional<ExampleSource> source =
        SourceKeys.sources(EmbeddedSource.Part.TEST)
            .read(value, "", new Reading(problems, PlanKeys::placeOf));
    problems.throwIfAny();
    return source.orElseThrow();
  }
}
