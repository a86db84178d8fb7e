package io.lockstep.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One of several words, each with keys of its own: {@code adam: {learningRate: 0.01}}, or the bare
 * word where its keys all have defaults.
 *
 * @param <T> what all the words' records have in common
 */
public final class Union<T> implements Type<T> {
  private final String noun;
  private final Map<String, Option<? extends T>> options;
  private final Optional<Option<? extends T>> bare;
  private final Map<String, String> refused;

  private Union(Builder<T> builder) {
    noun = builder.noun;
    options = builder.options;
    bare = builder.bare;
    refused = builder.refused;
  }

  /** A union whose words are each {@code noun}, with its article: {@code an optimizer}. */
  public static <T> Builder<T> of(Class<T> type, String noun) {
    return new Builder<>(type, noun);
  }

  /** A word: what it is, the type of its body, its keys if it has any, and its values. */
  public record Option<V>(
      String doc, Type<V> body, Optional<Section<?>> section, Predicate<Object> owns) {
    Yaml writeBody(Object value, String path, Origins origins) {
      @SuppressWarnings("unchecked") // asked only for what it owns
      V typed = (V) value;
      return body.write(typed, path, origins);
    }
  }

  public Map<String, Option<? extends T>> options() {
    return options;
  }

  /** Words that cannot be had, with the reason. */
  public Map<String, String> refused() {
    return refused;
  }

  /** What may stand without a word. */
  public Optional<Option<? extends T>> bare() {
    return bare;
  }

  @Override
  public String describe() {
    return noun;
  }

  @Override
  public Optional<T> read(Yaml yaml, String path, Reading reading) {
    reading.origin(path, yaml);
    if (yaml instanceof Yaml.Scalar scalar && !scalar.isNull()) {
      Option<? extends T> option = options.get(scalar.text());
      if (option != null) {
        Yaml empty = Yaml.Mapping.empty(yaml.origin());
        return body(option, empty, path + "." + scalar.text(), reading);
      }
      if (bare.isPresent() && Spelling.nearest(scalar.text(), options.keySet()).isEmpty()) {
        return body(bare.get(), yaml, path, reading);
      }
      unknown(scalar.text(), yaml.origin(), path, reading);
      return Optional.empty();
    }
    if (yaml instanceof Yaml.Mapping mapping && mapping.entries().size() == 1) {
      var entry = mapping.entries().entrySet().iterator().next();
      Option<? extends T> option = options.get(entry.getKey());
      if (option == null) {
        unknown(entry.getKey(), entry.getValue().keyOrigin(), path, reading);
        return Optional.empty();
      }
      return body(option, entry.getValue().value(), path + "." + entry.getKey(), reading);
    }
    if (yaml instanceof Yaml.Mapping mapping && mapping.entries().size() > 1) {
      reading.problem(
          path,
          yaml,
          "must be one word with its keys indented below it, but has "
              + String.join(", ", mapping.entries().keySet())
              + " side by side");
      return Optional.empty();
    }
    reading.problem(
        path, yaml, "must be " + noun + " (" + words() + "), but is " + yaml.describe());
    return Optional.empty();
  }

  @Override
  public boolean means(Yaml.Mapping section) {
    return section.entries().size() == 1
        && options.containsKey(section.entries().keySet().iterator().next());
  }

  private <V extends T> Optional<T> body(
      Option<V> option, Yaml yaml, String path, Reading reading) {
    return option.body().read(yaml, path, reading).map(value -> value);
  }

  private void unknown(String word, String origin, String path, Reading reading) {
    String hint =
        Optional.ofNullable(refused.get(word))
            .or(
                () ->
                    Spelling.nearest(word, options.keySet())
                        .map(near -> "did you mean " + near + "?"))
            .orElse("there are " + words());
    reading.problem(origin, path + ": " + word + " is not " + noun + "; " + hint);
  }

  private String words() {
    return String.join(", ", options.keySet());
  }

  @Override
  public Yaml write(T value, String path, Origins origins) {
    if (bare.isPresent() && bare.get().owns().test(value)) {
      return bare.get().writeBody(value, path, origins);
    }
    for (var option : options.entrySet()) {
      if (option.getValue().owns().test(value)) {
        String inside = path + "." + option.getKey();
        Yaml body = option.getValue().writeBody(value, inside, origins);
        String origin = origins.orEmpty(path);
        if (body instanceof Yaml.Mapping mapping && mapping.entries().isEmpty()) {
          return new Yaml.Scalar(option.getKey(), false, origin);
        }
        return new Yaml.Mapping(Map.of(option.getKey(), new Yaml.Entry(origin, body)), origin);
      }
    }
    throw new IllegalArgumentException(path + ": " + value + " is not " + noun);
  }

  /** Declares the words. */
  public static final class Builder<T> {
    private final Class<T> type;
    private final String noun;
    private final Map<String, Option<? extends T>> options = new LinkedHashMap<>();
    private Optional<Option<? extends T>> bare = Optional.empty();

    private final Map<String, String> refused = new LinkedHashMap<>();

    private Builder(Class<T> type, String noun) {
      this.type = type;
      this.noun = noun;
    }

    /** A word with keys. */
    public Builder<T> word(String word, Section<?> section) {
      if (!type.isAssignableFrom(section.record())) {
        throw new IllegalArgumentException(word + " is no " + type);
      }
      @SuppressWarnings("unchecked") // just checked; Java cannot say "a record that is also a T"
      Type<? extends T> body = (Type<? extends T>) section;
      options.put(word, new Option<>(section.doc(), body, Optional.of(section), section::owns));
      return this;
    }

    /** A word whose keys become a record that stands for a {@code V}. */
    public <R extends Record, V extends T> Builder<T> word(
        String word, Class<V> type, Section<R> section, Function<R, V> to, Function<V, R> from) {
      options.put(
          word,
          new Option<>(
              section.doc(), Types.map(section, to, from), Optional.of(section), type::isInstance));
      return this;
    }

    /**
     * As {@link #word(String, Class, Section, Function, Function)}, of a type that several words
     * share.
     *
     * @param own whether a value is one of this word
     */
    public <R extends Record, V extends T> Builder<T> word(
        String word,
        Class<V> type,
        Predicate<V> own,
        Section<R> section,
        Function<R, V> to,
        Function<V, R> from) {
      options.put(
          word,
          new Option<>(
              section.doc(),
              Types.map(section, to, from),
              Optional.of(section),
              value -> type.isInstance(value) && own.test(type.cast(value))));
      return this;
    }

    /** A word without keys. */
    public Builder<T> constant(String word, T value, String doc) {
      options.put(word, new Option<>(doc, new Constant<>(value), Optional.empty(), value::equals));
      return this;
    }

    /** A value without a word, such as the number of a learning rate that stays as it is. */
    public <V extends T> Builder<T> bare(Class<V> type, Type<V> value, String doc) {
      bare = Optional.of(new Option<>(doc, value, Optional.empty(), type::isInstance));
      return this;
    }

    /** A word that people try and that cannot be had, with the reason and the remedy. */
    public Builder<T> refused(String word, String reason) {
      refused.put(word, reason);
      return this;
    }

    public Union<T> build() {
      return new Union<>(this);
    }
  }

  /** A word's body that says nothing more. */
  private record Constant<T>(T value) implements Type<T> {
    @Override
    public String describe() {
      return "nothing";
    }

    @Override
    public Optional<T> read(Yaml yaml, String path, Reading reading) {
      boolean nothing =
          (yaml instanceof Yaml.Scalar scalar && scalar.isNull())
              || (yaml instanceof Yaml.Mapping mapping && mapping.entries().isEmpty());
      if (!nothing) {
        reading.problem(path, yaml, "has no keys, but is " + yaml.describe());
        return Optional.empty();
      }
      return Optional.of(value);
    }

    @Override
    public Yaml write(T value, String path, Origins origins) {
      return Yaml.Mapping.empty(origins.orEmpty(path));
    }
  }
}
