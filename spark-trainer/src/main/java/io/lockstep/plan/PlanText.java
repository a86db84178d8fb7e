package io.lockstep.plan;

import io.lockstep.config.Origins;
import io.lockstep.config.Section;
import io.lockstep.config.Types;
import io.lockstep.config.Yaml;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * Plans as text: YAML with origins, and flat lists of values to compare.
 *
 * <p>Scalars are quoted by snakeyaml-engine. Its emitter does not lay out the lines: it puts no
 * comment behind a value that stands on its key's line, which is where origins belong.
 */
final class PlanText {
  /** Column at which comments begin, where the value leaves room. */
  private static final int COMMENT_COLUMN = 48;

  private static final DumpSettings QUOTED =
      DumpSettings.builder()
          .setDefaultScalarStyle(ScalarStyle.DOUBLE_QUOTED)
          .setSplitLines(false)
          .build();

  private final StringBuilder out = new StringBuilder();

  private PlanText() {}

  /** YAML that reads as an equal plan. */
  static String of(Plan plan, Origins origins) {
    var text = new PlanText();
    var root = (Yaml.Mapping) PlanKeys.PLAN.write(plan, "", origins);
    root.entries().forEach((key, entry) -> text.entry("", key, entry.value()));
    return text.out.toString();
  }

  /** Each single value by its path. */
  static Map<String, String> values(Plan plan) {
    Map<String, String> values = new TreeMap<>();
    collect("", PlanKeys.PLAN.write(plan, "", Origins.NONE), values);
    return values;
  }

  private static void collect(String path, Yaml yaml, Map<String, String> values) {
    if (yaml instanceof Yaml.Scalar scalar) {
      values.put(path, scalar.text());
    } else if (yaml instanceof Yaml.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        collect(Section.inside(path, String.valueOf(i)), sequence.items().get(i), values);
      }
    } else if (yaml instanceof Yaml.Mapping mapping) {
      mapping
          .entries()
          .forEach((key, entry) -> collect(Section.inside(path, key), entry.value(), values));
    }
  }

  private void entry(String indent, String key, Yaml value) {
    String head = indent + text(Types.scalarOf(key)) + ":";
    if (isInline(value)) {
      line(head + " " + inline(value), value.origin());
      return;
    }
    out.append(head).append('\n');
    body(indent + "  ", value);
  }

  private void body(String indent, Yaml value) {
    if (value instanceof Yaml.Mapping mapping) {
      mapping.entries().forEach((key, entry) -> entry(indent, key, entry.value()));
      return;
    }
    for (Yaml item : ((Yaml.Sequence) value).items()) {
      if (isInline(item)) {
        line(indent + "- " + inline(item), item.origin());
        continue;
      }
      int start = out.length();
      body(indent + "  ", item);
      out.setCharAt(start + indent.length(), '-');
    }
  }

  private static boolean isInline(Yaml value) {
    if (value instanceof Yaml.Sequence sequence) {
      return sequence.items().stream().allMatch(item -> item instanceof Yaml.Scalar);
    }
    return value instanceof Yaml.Scalar
        || (value instanceof Yaml.Mapping mapping && mapping.entries().isEmpty());
  }

  private static String inline(Yaml value) {
    if (value instanceof Yaml.Scalar scalar) {
      return text(scalar);
    }
    if (value instanceof Yaml.Sequence sequence) {
      return sequence.items().stream()
          .map(item -> text((Yaml.Scalar) item))
          .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
    }
    return "{}";
  }

  private static String text(Yaml.Scalar scalar) {
    return scalar.quoted() ? quote(scalar.text()) : scalar.text();
  }

  private static String quote(String text) {
    return new Dump(QUOTED).dumpToString(text).stripTrailing();
  }

  private void line(String text, String origin) {
    out.append(text);
    if (!origin.isEmpty()) {
      out.append(" ".repeat(Math.max(1, COMMENT_COLUMN - text.length())))
          .append("# ")
          .append(origin);
    }
    out.append('\n');
  }
}
