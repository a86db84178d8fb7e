package io.lockstep.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the values of {@code --set a.b=c} into a plan; layers are counted from 0. */
public final class Overrides {
  private Overrides() {}

  /** {@code root} with the value of {@code override} in its place. */
  public static Yaml apply(Yaml root, String override, Problems problems) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      problems.add(
          Yaml.COMMAND_LINE, "--set " + override + " must be key=value, such as training.epochs=5");
      return root;
    }
    String path = override.substring(0, equals).strip();
    if (override.substring(equals + 1).isBlank()) {
      problems.add(
          Yaml.COMMAND_LINE,
          "--set "
              + override
              + " has no value (an unset variable of the shell?); give one, or "
              + path
              + "=null for its default");
      return root;
    }
    Problems ofValue = new Problems(Yaml.COMMAND_LINE);
    Yaml value = YamlText.value(override.substring(equals + 1), Yaml.COMMAND_LINE, ofValue);
    if (ofValue.count() > 0) {
      problems.add(Yaml.COMMAND_LINE, "--set " + override + " is not YAML after the =");
      return root;
    }
    return put(root, Arrays.asList(path.split("\\.", -1)), value, override, problems);
  }

  private static Yaml put(
      Yaml at, List<String> path, Yaml value, String override, Problems problems) {
    if (path.isEmpty()) {
      return value;
    }
    String name = path.get(0);
    List<String> rest = path.subList(1, path.size());
    if (at instanceof Yaml.Sequence sequence) {
      return putItem(sequence, name, rest, value, override, problems);
    }
    Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
    if (at instanceof Yaml.Mapping mapping) {
      entries.putAll(mapping.entries());
    } else if (at instanceof Yaml.Scalar word && word.text().equals(name)) {
      entries.put(name, new Yaml.Entry(at.origin(), Yaml.Mapping.empty(at.origin())));
    }
    Yaml.Entry old = entries.get(name);
    Yaml below = old == null ? Yaml.Mapping.empty(Yaml.COMMAND_LINE) : old.value();
    String keyOrigin = old == null ? Yaml.COMMAND_LINE : old.keyOrigin();
    entries.put(name, new Yaml.Entry(keyOrigin, put(below, rest, value, override, problems)));
    return new Yaml.Mapping(entries, at.origin());
  }

  private static Yaml putItem(
      Yaml.Sequence sequence,
      String index,
      List<String> rest,
      Yaml value,
      String override,
      Problems problems) {
    int last = sequence.items().size() - 1;
    if (!index.matches("[0-9]{1,6}") || Integer.parseInt(index) > last) {
      problems.add(
          Yaml.COMMAND_LINE,
          "--set " + override + ": " + index + " must be the place in a list, from 0 to " + last);
      return sequence;
    }
    int i = Integer.parseInt(index);
    List<Yaml> items = new ArrayList<>(sequence.items());
    items.set(i, put(items.get(i), rest, value, override, problems));
    return new Yaml.Sequence(List.copyOf(items), sequence.origin());
  }
}
