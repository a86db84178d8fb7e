package io.lockstep.data.source;

import io.lockstep.data.Labels;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The split's own ids of the classes that its examples name, in the order of their appearance. */
final class LabelIds {
  /** More distinct labels than any network here could have outputs for. */
  private static final int MAX_CLASSES = 100_000;

  private final List<String> given;
  private final boolean numeric;
  private final Set<String> known = new HashSet<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  /**
   * @param given names in label order; empty to take those that are found
   */
  LabelIds(List<String> given) {
    this.given = given;
    numeric = Numbers.areNumbers(given);
    given.forEach(name -> known.add(canonical(name)));
  }

  private String canonical(String name) {
    return numeric && Numbers.isNumber(name) ? Numbers.shortest(name) : name;
  }

  /** What is wrong with a name; null if nothing. */
  String problem(String name) {
    if (name.isEmpty()) {
      return "the label is empty.";
    }
    if (!known.isEmpty() && !known.contains(canonical(name))) {
      return "label '%s' is not among the classes %s."
          .formatted(TextReader.shortened(name), Labels.abbreviate(given));
    }
    return ids.size() < MAX_CLASSES || ids.containsKey(name)
        ? null
        : String.format(
            Locale.ROOT,
            "more than %,d different labels; choose another label column.",
            MAX_CLASSES);
  }

  /** The id of a name that has no {@link #problem}. */
  int id(String name) {
    Integer id = ids.putIfAbsent(name, ids.size());
    return id == null ? ids.size() - 1 : id;
  }

  List<String> names() {
    return List.copyOf(ids.keySet());
  }
}
