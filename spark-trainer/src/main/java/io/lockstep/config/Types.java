package io.lockstep.config;

import io.lockstep.data.InputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The types of single values and of lists; sections and unions have their own classes. */
public final class Types {
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9][0-9_]*");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern PLAIN_TEXT =
      Pattern.compile("[A-Za-z_/.][A-Za-z0-9_/.+-]*(:[/A-Za-z0-9_.+-]+)*");

  private Types() {}

  /** Text, any but empty. */
  public static Type<String> text() {
    return new Single<>("text", "must be a text", Types::parseText, Types::scalarOf);
  }

  /** Text that may be empty, in quotes. */
  public static Type<String> anyText() {
    return new Single<>(
        "text",
        "must be a text",
        scalar -> scalar.isNull() ? Optional.empty() : Optional.of(scalar.text()),
        Types::scalarOf);
  }

  /** Text that {@code check} has nothing against. */
  public static Type<String> text(String description, Function<String, Optional<String>> check) {
    Type<String> text = text();
    return new Type<>() {
      @Override
      public String describe() {
        return description;
      }

      @Override
      public Optional<String> read(Yaml yaml, String path, Reading reading) {
        Optional<String> value = text.read(yaml, path, reading);
        Optional<String> problem = value.flatMap(check);
        problem.ifPresent(message -> reading.problem(path, yaml, message));
        return problem.isPresent() ? Optional.empty() : value;
      }

      @Override
      public Yaml write(String value, String path, Origins origins) {
        return text.write(value, path, origins);
      }
    };
  }

  /** One of {@code words}. */
  public static Type<String> oneOf(List<String> words) {
    return text(
        "one of " + String.join(", ", words),
        word -> words.contains(word) ? Optional.empty() : Optional.of(notOneOf(words, word)));
  }

  /**
   * One of {@code words}, or a longer text that has one in it.
   *
   * @param within what of a text must be one of the words
   */
  public static Type<String> oneOf(List<String> words, UnaryOperator<String> within) {
    return text(
        "one of " + String.join(", ", words),
        word ->
            words.contains(within.apply(word))
                ? Optional.empty()
                : Optional.of(notOneOf(words, word)));
  }

  private static String notOneOf(Collection<String> words, String word) {
    return "must be one of "
        + String.join(", ", words)
        + ", but is "
        + word
        + Spelling.nearest(word, words).map(near -> "; did you mean " + near + "?").orElse("");
  }

  /** {@code true} or {@code false}. */
  public static Type<Boolean> bool() {
    Map<String, Boolean> words = Map.of("true", true, "false", false);
    return new Single<>(
        "true or false",
        "must be true or false",
        scalar ->
            scalar.quoted() ? Optional.empty() : Optional.ofNullable(words.get(scalar.text())),
        value -> plain(value.toString()));
  }

  /** A whole number from {@code min} to {@code max}, both included. */
  public static Type<Integer> integer(int min, int max) {
    String range = max == Integer.MAX_VALUE ? "at least " + min : "from " + min + " to " + max;
    return new Single<>(
        "integer, " + range,
        "must be an integer, " + range,
        scalar -> parseLong(scalar).filter(v -> v >= min && v <= max).map(Long::intValue),
        value -> plain(value.toString()));
  }

  /** A whole number, at least {@code min}. */
  public static Type<Integer> integer(int min) {
    return integer(min, Integer.MAX_VALUE);
  }

  /** Any whole number of 64 bits. */
  public static Type<Long> wide() {
    return new Single<>(
        "integer",
        "must be an integer of 64 bits",
        Types::parseLong,
        value -> plain(value.toString()));
  }

  /** Units of {@link #bytes}, each 1024 times the one before. */
  private static final List<String> BYTE_UNITS = List.of("KiB", "MiB", "GiB", "TiB");

  /** A number of bytes, such as {@code 64MiB} or {@code 65536}. */
  public static Type<Long> bytes(long min) {
    return new Single<>(
        "bytes, such as 64MiB",
        "must be a number of bytes, such as 64MiB (units: KiB, MiB, GiB, TiB)",
        scalar -> parseBytes(scalar).filter(v -> v >= min),
        value -> plain(bytesText(value)));
  }

  private static Optional<Long> parseBytes(Yaml.Scalar scalar) {
    String text = scalar.text().strip();
    long unit = 1;
    for (int i = 0; i < BYTE_UNITS.size(); i++) {
      if (text.endsWith(BYTE_UNITS.get(i))) {
        unit = 1L << (10 * (i + 1));
        text = text.substring(0, text.length() - BYTE_UNITS.get(i).length()).strip();
      }
    }
    if (!text.matches("\\d{1,15}") || Long.parseLong(text) > Long.MAX_VALUE / unit) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(text) * unit);
  }

  private static String bytesText(long value) {
    for (int i = BYTE_UNITS.size() - 1; i >= 0; i--) {
      long unit = 1L << (10 * (i + 1));
      if (value > 0 && value % unit == 0) {
        return value / unit + BYTE_UNITS.get(i);
      }
    }
    return Long.toString(value);
  }

  /** A finite number within {@code range}. */
  public static Type<Double> number(Range range) {
    String what = range.describe().isEmpty() ? "number" : "number, " + range.describe();
    String article = "must be a " + what;
    return new Single<>(
        what,
        article,
        scalar -> parseDouble(scalar).filter(range::contains),
        value -> plain(format(value)));
  }

  /** One of an enum's constants, written in camelCase. */
  public static <E extends Enum<E>> Type<E> choice(Class<E> type) {
    Map<String, E> words = new LinkedHashMap<>();
    Arrays.stream(type.getEnumConstants()).forEach(value -> words.put(camelCase(value), value));
    return map(
        oneOf(List.copyOf(words.keySet())), words::get, (Function<E, String>) Types::camelCase);
  }

  /** A list of which a single item may be written without brackets. */
  public static <T> Type<List<T>> oneOrMore(Type<T> item, String plural) {
    Type<List<T>> list = listOf(item, plural);
    return new Type<>() {
      @Override
      public String describe() {
        return item.describe() + " or list of " + plural;
      }

      @Override
      public Optional<List<T>> read(Yaml yaml, String path, Reading reading) {
        return yaml instanceof Yaml.Scalar
            ? item.read(yaml, path, reading).map(List::of)
            : list.read(yaml, path, reading);
      }

      @Override
      public Yaml write(List<T> values, String path, Origins origins) {
        return values.size() == 1
            ? item.write(values.get(0), path, origins)
            : list.write(values, path, origins);
      }
    };
  }

  /** A list; {@code plural} names its items. */
  public static <T> Type<List<T>> listOf(Type<T> item, String plural) {
    return new Type<>() {
      @Override
      public String describe() {
        return "list of " + plural;
      }

      @Override
      public Optional<List<T>> read(Yaml yaml, String path, Reading reading) {
        reading.origin(path, yaml);
        if (!(yaml instanceof Yaml.Sequence sequence)) {
          reading.problem(
              path, yaml, "must be a list of " + plural + ", but is " + yaml.describe());
          return Optional.empty();
        }
        List<T> values = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
          item.read(sequence.items().get(i), path + "." + i, reading).ifPresent(values::add);
        }
        return values.size() == sequence.items().size()
            ? Optional.of(List.copyOf(values))
            : Optional.empty();
      }

      @Override
      public Yaml write(List<T> values, String path, Origins origins) {
        List<Yaml> items = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
          items.add(item.write(values.get(i), path + "." + i, origins));
        }
        return new Yaml.Sequence(items, origins.orEmpty(path));
      }
    };
  }

  /**
   * Values by names that the user chooses, in the order in which they stand.
   *
   * @param what the values are, in the plural, with their keys
   */
  public static <T> Type<Map<String, T>> byName(Type<T> value, String what) {
    return new Type<>() {
      @Override
      public String describe() {
        return "names, each with " + what;
      }

      @Override
      public Optional<Map<String, T>> read(Yaml yaml, String path, Reading reading) {
        reading.origin(path, yaml);
        if (!(yaml instanceof Yaml.Mapping mapping) || mapping.entries().isEmpty()) {
          reading.problem(path, yaml, "must be " + describe() + ", but is " + yaml.describe());
          return Optional.empty();
        }
        Map<String, T> values = new LinkedHashMap<>();
        mapping
            .entries()
            .forEach(
                (name, entry) ->
                    value
                        .read(entry.value(), path + "." + name, reading)
                        .ifPresent(it -> values.put(name, it)));
        return values.size() == mapping.entries().size()
            ? Optional.of(Collections.unmodifiableMap(values))
            : Optional.empty();
      }

      @Override
      public Yaml write(Map<String, T> values, String path, Origins origins) {
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
        values.forEach(
            (name, it) -> {
              Yaml written = value.write(it, path + "." + name, origins);
              entries.put(name, new Yaml.Entry(written.origin(), written));
            });
        return new Yaml.Mapping(entries, origins.orEmpty(path));
      }
    };
  }

  /**
   * A type that is made when it is needed first, so that it may be part of itself.
   *
   * @param description of its values
   */
  public static <T> Type<T> later(String description, Supplier<Type<T>> type) {
    return new Type<>() {
      @Override
      public String describe() {
        return description;
      }

      @Override
      public Optional<T> read(Yaml yaml, String path, Reading reading) {
        return type.get().read(yaml, path, reading);
      }

      @Override
      public boolean means(Yaml.Mapping section) {
        return type.get().means(section);
      }

      @Override
      public Yaml write(T value, String path, Origins origins) {
        return type.get().write(value, path, origins);
      }
    };
  }

  /** {@code type} seen as another Java type. */
  public static <A, B> Type<B> map(Type<A> type, Function<A, B> to, Function<B, A> from) {
    return new Type<>() {
      @Override
      public String describe() {
        return type.describe();
      }

      @Override
      public Optional<B> read(Yaml yaml, String path, Reading reading) {
        Optional<A> read = type.read(yaml, path, reading);
        try {
          return read.map(to);
        } catch (InputException e) {
          reading.refused(e, yaml, path, key -> isKey(yaml, key));
          return Optional.empty();
        }
      }

      @Override
      public Yaml write(B value, String path, Origins origins) {
        return type.write(from.apply(value), path, origins);
      }
    };
  }

  private static boolean isKey(Yaml yaml, String name) {
    return yaml instanceof Yaml.Mapping section && section.entries().containsKey(name);
  }

  /** The word of an enum's constant: {@code IN_PROCESS} is {@code inProcess}. */
  public static String camelCase(Enum<?> value) {
    StringBuilder word = new StringBuilder();
    for (String part : value.name().split("_", -1)) {
      String lower = part.toLowerCase(java.util.Locale.ROOT);
      word.append(
          word.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return word.toString();
  }

  /**
   * The shortest text that reads as {@code value} again: {@code 0.001}, {@code 1e-7}, {@code 5}.
   */
  public static String format(double value) {
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String plain = shortest.toPlainString();
    if (plain.length() <= 8 && Double.compare(value, -0.0) != 0) {
      return plain;
    }
    return Double.toString(value).replace("E", "e").replaceFirst("\\.0(e|$)", "$1");
  }

  public static Yaml.Scalar scalarOf(String text) {
    boolean safe =
        PLAIN_TEXT.matcher(text).matches()
            && !text.equals("true")
            && !text.equals("false")
            && !text.equals("null")
            && !NUMBER.matcher(text).matches();
    return new Yaml.Scalar(text, !safe, "");
  }

  private static Yaml.Scalar plain(String text) {
    return new Yaml.Scalar(text, false, "");
  }

  private static Optional<String> parseText(Yaml.Scalar scalar) {
    return scalar.isNull() || scalar.text().isEmpty()
        ? Optional.empty()
        : Optional.of(scalar.text());
  }

  private static Optional<Long> parseLong(Yaml.Scalar scalar) {
    if (scalar.quoted() || !INTEGER.matcher(scalar.text()).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(scalar.text().replace("_", "")));
    } catch (NumberFormatException e) {
      return Optional.empty(); // more than 64 bits
    }
  }

  private static Optional<Double> parseDouble(Yaml.Scalar scalar) {
    if (scalar.quoted() || !NUMBER.matcher(scalar.text()).matches()) {
      return Optional.empty();
    }
    return Optional.of(Double.parseDouble(scalar.text().replace("_", ""))).filter(Double::isFinite);
  }

  /** A type whose value is one scalar. */
  private record Single<T>(
      String describe,
      String complaint,
      Function<Yaml.Scalar, Optional<T>> parse,
      Function<T, Yaml.Scalar> format)
      implements Type<T> {
    @Override
    public Optional<T> read(Yaml yaml, String path, Reading reading) {
      reading.origin(path, yaml);
      Optional<T> value =
          yaml instanceof Yaml.Scalar scalar ? parse.apply(scalar) : Optional.empty();
      if (value.isEmpty()) {
        reading.problem(path, yaml, complaint + ", but is " + yaml.describe());
      }
      return value;
    }

    @Override
    public Yaml write(T value, String path, Origins origins) {
      Yaml.Scalar scalar = format.apply(value);
      return new Yaml.Scalar(scalar.text(), scalar.quoted(), origins.orEmpty(path));
    }
  }
}
