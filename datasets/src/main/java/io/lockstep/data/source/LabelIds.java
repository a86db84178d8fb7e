package io.lockstep.data.source;

import io.lockstep.data.Labels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The split's own ids of the classes that its examples name, in the order of their appearance; or,
 * where the classes are known and nothing is settled afterwards, their positions.
 */
public final class LabelIds {
  private final List<String> given;
  private final String tooMany;
  private final boolean numeric;
  private final Set<String> known = new HashSet<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final boolean positions;

  /**
   * @param given names in label order; empty to take those that are found
   */
  public LabelIds(List<String> given) {
    this(
        given,
        String.format(
            Locale.ROOT,
            "more than %,d different labels; choose another label column.",
            ClassNames.MOST));
  }

  /**
   * @param given names in label order; empty to take those that are found
   * @param tooMany what is wrong with more labels than any network here has outputs for
   */
  public LabelIds(List<String> given, String tooMany) {
    this(given, tooMany, false);
  }

  private LabelIds(List<String> given, String tooMany, boolean positions) {
    this.given = given;
    this.tooMany = tooMany;
    this.positions = positions;
    numeric = Numbers.areNumbers(given);
    given.forEach(name -> known.add(canonical(name)));
  }

  /** Ids that are the positions of the classes in {@code given}. */
  public static LabelIds positions(List<String> given) {
    return new LabelIds(given, "", true);
  }

  private String canonical(String name) {
    return numeric && Numbers.isNumber(name) ? Numbers.shortest(name) : name;
  }

  /** What is wrong with a name; null if nothing. */
  public String problem(String name) {
    if (ids.containsKey(name)) {
      return null;
    }
    if (name.isEmpty()) {
      return "the label is empty.";
    }
    if (!known.isEmpty() && !known.contains(canonical(name))) {
      return "label '%s' is not among the classes %s."
          .formatted(shortened(name), Labels.abbreviate(given));
    }
    return ids.size() < ClassNames.MOST ? null : tooMany;
  }

  /**
   * What a record lacks whose name has a {@link #problem}; empty if it is not the fault of this
   * record alone.
   */
  public Optional<Fault> fault(String name) {
    if (name.isEmpty()) {
      return Optional.of(Fault.NO_LABEL);
    }
    return known.isEmpty() ? Optional.empty() : Optional.of(Fault.UNKNOWN_CLASS);
  }

  /** A value as messages have it. */
  public static String shortened(String value) {
    return value.length() <= 40
        ? value
        : value.substring(0, value.offsetByCodePoints(0, 39)) + "...";
  }

  /** The id of a name that has no {@link #problem}. */
  public int id(String name) {
    if (positions) {
      return ids.computeIfAbsent(
          name, it -> given.stream().map(this::canonical).toList().indexOf(canonical(it)));
    }
    Integer id = ids.putIfAbsent(name, ids.size());
    return id == null ? ids.size() - 1 : id;
  }

  public List<String> names() {
    return List.copyOf(ids.keySet());
  }

  /**
   * What a reader found of the labels of each output.
   *
   * @param ids of each, null where it has numbers
   * @param ranges of each one's numbers
   */
  public static List<SplitReport.LabelsFound> found(List<LabelIds> ids, Range[] ranges) {
    List<SplitReport.LabelsFound> found = new ArrayList<>();
    for (int output = 0; output < ranges.length; output++) {
      LabelIds own = ids.get(output);
      found.add(new SplitReport.LabelsFound(own == null ? List.of() : own.names(), ranges[output]));
    }
    return found;
  }
}
