package io.lockstep.config;

import io.lockstep.data.InputException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A group of keys that becomes one record.
 *
 * <p>The keys are the record's components, by name and in their order, so that neither can be
 * forgotten and nothing is written twice. A rule between keys stands in the record's constructor,
 * which throws {@link InputException} with a message that begins with the key at fault and a colon;
 * a key within a section has that section's name before it, and a point.
 *
 * @param <T> the record
 */
public final class Section<T extends Record> implements Type<T> {
  private final Class<T> record;
  private final String doc;
  private final Map<String, Key<?>> keys;
  private final Map<String, String> refused;
  private final Optional<String> shorthand;
  private final Constructor<T> constructor;

  private Section(Builder<T> builder) {
    record = builder.record;
    doc = builder.doc;
    refused = Collections.unmodifiableMap(new LinkedHashMap<>(builder.refused));
    shorthand = builder.shorthand;
    keys = new LinkedHashMap<>();
    builder.keys.forEach(key -> keys.put(key.name(), key));
    RecordComponent[] components = record.getRecordComponents();
    List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
    if (!names.equals(List.copyOf(keys.keySet()))) {
      throw new IllegalArgumentException(
          record.getName() + " has the components " + names + " but the keys " + keys.keySet());
    }
    try {
      constructor =
          record.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true); // records stand in other packages, not all of them public
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }

  /** A section that becomes a {@code record}. */
  public static <T extends Record> Builder<T> of(Class<T> record, String doc) {
    return new Builder<>(record, doc);
  }

  public String doc() {
    return doc;
  }

  public List<Key<?>> keys() {
    return List.copyOf(keys.values());
  }

  /** Keys that cannot be had, with the reason. */
  public Map<String, String> refused() {
    return refused;
  }

  /**
   * The key that a bare value stands for: {@code dropout: 0.5} means its rate, {@code
   * timeDistributed: {dense: 3}} its layer.
   */
  public Optional<String> shorthand() {
    return shorthand;
  }

  public Class<T> record() {
    return record;
  }

  public boolean owns(Object value) {
    return record.isInstance(value);
  }

  @Override
  public String describe() {
    return "section";
  }

  @Override
  public Optional<T> read(Yaml yaml, String path, Reading reading) {
    reading.origin(path, yaml);
    Optional<Yaml.Mapping> mapping = asMapping(yaml);
    if (mapping.isEmpty()) {
      reading.problem(
          path,
          yaml,
          "must be a section with "
              + (keys.isEmpty() ? "no keys" : "the keys " + String.join(", ", keys.keySet()))
              + ", but is "
              + yaml.describe());
      return Optional.empty();
    }
    Set<String> meant = unknownKeys(mapping.get(), path, reading);
    List<Object> values = new ArrayList<>();
    for (Key<?> key : keys.values()) {
      if (!meant.contains(key.name())) {
        readKey(key, mapping.get(), path, reading).ifPresent(values::add);
      }
    }
    if (values.size() < keys.size()) {
      return Optional.empty();
    }
    return construct(values, mapping.get(), path, reading);
  }

  private Optional<Yaml.Mapping> asMapping(Yaml yaml) {
    if (yaml instanceof Yaml.Mapping mapping && !isShort(mapping)) {
      return Optional.of(mapping);
    }
    if (yaml instanceof Yaml.Scalar scalar && scalar.isNull()) {
      return Optional.of(Yaml.Mapping.empty(yaml.origin()));
    }
    return shorthand.map(
        key -> new Yaml.Mapping(Map.of(key, new Yaml.Entry(yaml.origin(), yaml)), yaml.origin()));
  }

  /** Whether it is the value of the key that may be left out, such as a layer in its wrapper. */
  private boolean isShort(Yaml.Mapping mapping) {
    return shorthand
        .filter(key -> keys.keySet().stream().noneMatch(mapping.entries()::containsKey))
        .filter(key -> keys.get(key).type().means(mapping))
        .isPresent();
  }

  /** Notes the keys that do not exist; returns those that were most likely meant. */
  private Set<String> unknownKeys(Yaml.Mapping mapping, String path, Reading reading) {
    Set<String> free = new LinkedHashSet<>(keys.keySet());
    free.removeAll(mapping.entries().keySet());
    Set<String> meant = new LinkedHashSet<>();
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              if (!keys.containsKey(name)) {
                Optional<String> known = Spelling.same(name, refused.keySet());
                if (known.isPresent()) {
                  reading.problem(
                      entry.keyOrigin(),
                      inside(path, name) + " cannot be had: " + refused.get(known.get()));
                  return;
                }
                Optional<String> near = Spelling.nearest(name, free);
                near.ifPresent(meant::add);
                Optional<String> any = near.or(() -> Spelling.nearest(name, keys.keySet()));
                String problem = inside(path, name) + " is not a key; " + hint(name, any, reading);
                reading.problem(entry.keyOrigin(), problem);
              }
            });
    return meant;
  }

  private String hint(String name, Optional<String> near, Reading reading) {
    if (near.isPresent()) {
      return "did you mean " + near.get() + "?";
    }
    return reading
        .placeOf(name)
        .map(place -> "it belongs to " + place)
        .orElse(
            keys.isEmpty()
                ? "nothing belongs here"
                : "the keys here are " + String.join(", ", keys.keySet()));
  }

  /** The component's value, or nothing if there is a problem. */
  private <V> Optional<Object> readKey(
      Key<V> key, Yaml.Mapping mapping, String path, Reading reading) {
    String inside = inside(path, key.name());
    Yaml.Entry entry = mapping.entries().get(key.name());
    boolean absent =
        entry == null
            || (key.presence() != Key.Presence.REQUIRED
                && entry.value() instanceof Yaml.Scalar scalar
                && scalar.isNull());
    if (!absent) {
      Optional<V> value = key.type().read(entry.value(), inside, reading);
      return key.presence() == Key.Presence.OPTIONAL && value.isPresent()
          ? Optional.of(value)
          : value.map(v -> v);
    }
    return switch (key.presence()) {
      case REQUIRED -> {
        reading.problem(mapping.origin(), inside + " is missing (" + key.type().describe() + ")");
        yield Optional.empty();
      }
      case OPTIONAL -> Optional.of(Optional.empty());
      case DEFAULT -> {
        Problems problems = new Problems(inside);
        Yaml value = YamlText.value(key.defaultText(), Yaml.DEFAULT, problems);
        problems.throwIfAny();
        yield key.type().read(value, inside, reading).map(v -> v);
      }
    };
  }

  private Optional<T> construct(
      List<Object> values, Yaml.Mapping mapping, String path, Reading reading) {
    try {
      return Optional.of(constructor.newInstance(values.toArray()));
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof InputException problem)) {
        throw new IllegalStateException(record + " refused " + values, e);
      }
      reading.refused(problem, mapping, path, keys::containsKey);
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(record + " cannot be made", e);
    }
  }

  @Override
  public Yaml write(T value, String path, Origins origins) {
    Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
    RecordComponent[] components = record.getRecordComponents();
    int i = 0;
    for (Key<?> key : keys.values()) {
      writeKey(key, component(components[i++], value), path, origins)
          .ifPresent(yaml -> entries.put(key.name(), new Yaml.Entry(yaml.origin(), yaml)));
    }
    return new Yaml.Mapping(entries, origins.orEmpty(path));
  }

  private static <V> Optional<Yaml> writeKey(
      Key<V> key, Object component, String path, Origins origins) {
    Object value = component instanceof Optional<?> optional ? optional.orElse(null) : component;
    if (value == null) {
      return Optional.empty();
    }
    @SuppressWarnings("unchecked") // the component was read with this type, or the record was made
    V typed = (V) value; // by a program, with the component's type, which is the same
    return Optional.of(key.type().write(typed, inside(path, key.name()), origins));
  }

  private static Object component(RecordComponent component, Object value) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  public static String inside(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Declares the keys, in the order of the record's components. */
  public static final class Builder<T extends Record> {
    private final Class<T> record;
    private final String doc;
    private final List<Key<?>> keys = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();
    private Optional<String> shorthand = Optional.empty();

    private Builder(Class<T> record, String doc) {
      this.record = record;
      this.doc = doc;
    }

    /** A key that must be given. */
    public <V> Builder<T> required(String name, Type<V> type, String doc) {
      return add(new Key<>(name, type, Key.Presence.REQUIRED, "", doc));
    }

    /** A key with a default, given as YAML. */
    public <V> Builder<T> key(String name, Type<V> type, String defaultText, String doc) {
      return add(new Key<>(name, type, Key.Presence.DEFAULT, defaultText, doc));
    }

    /** A key that may be absent. */
    public <V> Builder<T> optional(String name, Type<V> type, String doc) {
      return add(new Key<>(name, type, Key.Presence.OPTIONAL, "", doc));
    }

    /** A key that people try and that cannot be had, with the reason and the remedy. */
    public Builder<T> refused(String name, String reason) {
      refused.put(name, reason);
      return this;
    }

    /** Lets a bare value stand for the section with this one key. */
    public Builder<T> shorthand(String name) {
      shorthand = Optional.of(name);
      return this;
    }

    public Section<T> build() {
      return new Section<>(this);
    }

    private Builder<T> add(Key<?> key) {
      keys.add(key);
      return this;
    }
  }
}
