package io.lockstep.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Turns text into {@link Yaml}: line numbers kept, duplicate keys refused, size and depth bounded.
 *
 * <p>No object is made from a tag, and aliases count as what they expand to, so that a file from a
 * stranger can neither run code nor exhaust memory.
 */
public final class YamlText {
  /** Characters of a plan; a network in DL4J's JSON may be part of it. */
  public static final int MAX_CHARACTERS = 8 << 20;

  private static final int MAX_VALUES = 100_000;
  private static final int MAX_DEPTH = 40;

  private final String fileName;
  private final Optional<String> fixedOrigin;
  private final Problems problems;
  private int values;

  private YamlText(String fileName, Optional<String> fixedOrigin, Problems problems) {
    this.fileName = fileName;
    this.fixedOrigin = fixedOrigin;
    this.problems = problems;
  }

  /** Reads a file's text; what is wrong goes to {@code problems}. */
  public static Yaml read(String text, String fileName, Problems problems) {
    return new YamlText(fileName, Optional.empty(), problems).parse(text);
  }

  /** Reads a value that stands in no file. */
  public static Yaml value(String text, String origin, Problems problems) {
    return new YamlText(origin, Optional.of(origin), problems).parse(text);
  }

  private Yaml parse(String text) {
    var settings =
        LoadSettings.builder()
            .setLabel(fileName)
            .setCodePointLimit(MAX_CHARACTERS)
            .setBufferSize(text.length() + 2) // it fails if a buffer ends within a surrogate pair
            .setMaxAliasesForCollections(Integer.MAX_VALUE) // counted as values instead
            .build();
    try {
      checkDepth(text, settings); // first, because the composer goes down by calling itself
      Optional<Node> root = new Compose(settings).composeString(text);
      return root.isPresent() ? convert(root.get(), 0) : Yaml.Mapping.empty(origin(1));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      problems.add(origin(line), "is not YAML: " + oneLine(e));
    } catch (TooLarge e) {
      problems.add(e.origin, e.getMessage());
    } catch (YamlEngineException e) {
      problems.add(fixedOrigin.orElse(fileName), "is not YAML: " + e.getMessage());
    }
    return Yaml.Mapping.empty(origin(1));
  }

  private void checkDepth(String text, LoadSettings settings) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof CollectionStartEvent) {
        if (++depth > MAX_DEPTH) {
          throw tooDeep(origin(event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1)));
        }
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
  }

  private static TooLarge tooDeep(String origin) {
    return new TooLarge(origin, "the file is nested more than " + MAX_DEPTH + " deep");
  }

  private static String oneLine(MarkedYamlEngineException e) {
    String context = e.getContext() == null ? "" : e.getContext() + ", ";
    return (context + e.getProblem()).replaceAll("\\s+", " ").strip();
  }

  private String origin(int line) {
    return fixedOrigin.orElse(fileName + ":" + line);
  }

  private String origin(Node node) {
    return origin(node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
  }

  private Yaml convert(Node node, int depth) {
    String origin = origin(node);
    if (++values > MAX_VALUES) {
      throw new TooLarge(
          origin, "the file has more than " + MAX_VALUES + " values, aliases counted");
    }
    if (depth > MAX_DEPTH) {
      throw tooDeep(origin); // aliases expanded
    }
    if (node instanceof ScalarNode scalar) {
      boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
      return new Yaml.Scalar(scalar.getValue(), quoted, origin);
    }
    if (node instanceof SequenceNode sequence) {
      List<Yaml> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(convert(item, depth + 1));
      }
      return new Yaml.Sequence(List.copyOf(items), origin);
    }
    return mapping((MappingNode) node, origin, depth);
  }

  private Yaml mapping(MappingNode node, String origin, int depth) {
    Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      String keyOrigin = origin(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(keyOrigin, "a key must be a word, not a list or a section");
        continue;
      }
      Yaml.Entry former = entries.get(key.getValue());
      if (former != null) {
        String place =
            former.keyOrigin().equals(keyOrigin) ? "" : ", first at " + former.keyOrigin();
        problems.add(keyOrigin, key.getValue() + " is given twice" + place);
        continue;
      }
      Yaml value = convert(tuple.getValueNode(), depth + 1);
      entries.put(key.getValue(), new Yaml.Entry(keyOrigin, value));
    }
    return new Yaml.Mapping(entries, origin);
  }

  /** A file beyond the limits; ends the conversion at once. */
  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String origin;

    TooLarge(String origin, String message) {
      super(message);
      this.origin = origin;
    }
  }
}
