package io.lockstep.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lockstep.data.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What decides the bits of a result beside the plan. A run remembers it with each checkpoint and
 * goes on only where it is the same, unless told otherwise.
 *
 * @param data content hash of each source by its name in the plan, such as {@code train}; not its
 *     path, so data may move
 * @param build version and commit of Lockstep
 * @param kernels which kernels compute the network
 * @param arithmetic what the processor and the native libraries add and multiply with
 */
public record Provenance(
    @JsonProperty(required = true) SortedMap<String, String> data,
    @JsonProperty(required = true) String build,
    @JsonProperty(required = true) String kernels,
    @JsonProperty(required = true) String arithmetic) {
  public Provenance {
    data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
  }

  /** The parts of it, one of which may have changed. */
  public enum Aspect {
    /** Content of the data. */
    DATA,
    /** Lockstep itself. */
    BUILD,
    /** Choice of kernels. */
    KERNELS,
    /** Processor and native libraries. */
    ARITHMETIC;

    /** How the command line and the files call it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads words with commas between them, such as {@code data,build}.
     *
     * @throws InputException if there is another word among them
     */
    public static Set<Aspect> parse(String words) {
      Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
      for (String word : words.split(",", -1)) {
        aspects.add(
            java.util.Arrays.stream(values())
                .filter(aspect -> aspect.word().equals(word.strip()))
                .findFirst()
                .orElseThrow(
                    () ->
                        new InputException(
                            "'%s' is nothing of which changes can be accepted: it must be some of %s"
                                .formatted(word.strip(), words(EnumSet.allOf(Aspect.class))))));
      }
      return aspects;
    }

    private static String words(Set<Aspect> aspects) {
      return aspects.stream().map(Aspect::word).collect(Collectors.joining(","));
    }
  }

  /**
   * One thing that is no longer as it was.
   *
   * @param aspect it belongs to
   * @param what exactly, such as {@code data.train}
   * @param then what it was
   * @param now what it is
   */
  public record Difference(Aspect aspect, String what, String then, String now) {
    @Override
    public String toString() {
      return "%s: was %s, is %s".formatted(what, then, now);
    }
  }

  /** What differs if the run goes on with {@code now}; empty if nothing does. */
  public List<Difference> differences(Provenance now) {
    var differences = new ArrayList<Difference>();
    var sources = new TreeSet<>(data.keySet());
    sources.addAll(now.data.keySet());
    for (String source : sources) {
      add(
          differences,
          Aspect.DATA,
          "data." + source,
          content(data, source),
          content(now.data, source));
    }
    add(differences, Aspect.BUILD, "build", build, now.build);
    add(differences, Aspect.KERNELS, "kernels", kernels, now.kernels);
    add(differences, Aspect.ARITHMETIC, "arithmetic", arithmetic, now.arithmetic);
    return differences;
  }

  private static String content(Map<String, String> data, String source) {
    String hash = data.get(source);
    return hash == null ? "not there" : "content " + hash;
  }

  private static void add(
      List<Difference> differences, Aspect aspect, String what, String then, String now) {
    if (!then.equals(now)) {
      differences.add(new Difference(aspect, what, then, now));
    }
  }

  /**
   * Makes sure that a run may go on with {@code now}.
   *
   * @param run its directory, for the message
   * @param accepted changes that are wanted
   * @return the differences, all of them accepted
   * @throws InputException that names each difference that is not, and the way out
   */
  List<Difference> check(Provenance now, Set<Aspect> accepted, Object run) {
    List<Difference> differences = differences(now);
    Set<Aspect> refused = EnumSet.noneOf(Aspect.class);
    differences.stream()
        .map(Difference::aspect)
        .filter(aspect -> !accepted.contains(aspect))
        .forEach(refused::add);
    if (refused.isEmpty()) {
      return differences;
    }
    Set<Aspect> needed = EnumSet.copyOf(refused);
    needed.addAll(accepted);
    throw new InputException(
        """
        %s cannot go on to the result it began with, since not all is as it was at its newest \
        checkpoint:
          %s
        Go on where it is as it was, begin a new run in another directory, or accept the change \
        with --accept-changes %s.\
        """
            .formatted(
                run,
                differences.stream()
                    .filter(difference -> refused.contains(difference.aspect()))
                    .map(Difference::toString)
                    .collect(Collectors.joining("\n  ")),
                Aspect.words(needed)));
  }
}
