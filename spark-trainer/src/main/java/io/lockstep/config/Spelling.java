package io.lockstep.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the word that was meant. */
public final class Spelling {
  /** What other libraries call it; normalised spelling to our word. */
  private static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("lr", "learningRate"),
          Map.entry("batchsize", "batch"),
          Map.entry("minibatch", "batch"),
          Map.entry("kernelsize", "kernel"),
          Map.entry("poolsize", "pool"),
          Map.entry("stride", "strides"),
          Map.entry("dilationrate", "dilation"),
          Map.entry("workers", "replicas"),
          Map.entry("validationsplit", "validation"),
          Map.entry("averagingfrequency", "localSteps"),
          Map.entry("weightinit", "kernelInitializer"),
          Map.entry("updater", "optimizer"),
          Map.entry("mcxent", "categoricalCrossentropy"),
          Map.entry("xent", "binaryCrossentropy"),
          Map.entry("meansquarederror", "mse"),
          Map.entry("meanabsoluteerror", "mae"),
          Map.entry("identity", "linear"),
          Map.entry("none", "linear"),
          Map.entry("xavier", "glorotNormal"),
          Map.entry("nesterovs", "nesterov"),
          Map.entry("maxpool2d", "maxPooling2d"),
          Map.entry("avgpool2d", "averagePooling2d"),
          Map.entry("batchnorm", "batchNormalization"),
          Map.entry("conv", "conv2d"),
          Map.entry("linear", "dense"));

  private Spelling() {}

  /** The one of {@code words} that {@code word} is but for capitals, underscores and the like. */
  static Optional<String> same(String word, Collection<String> words) {
    String plain = normalise(word);
    return words.stream().filter(candidate -> normalise(candidate).equals(plain)).findFirst();
  }

  /** The one of {@code words} that {@code word} was most likely meant to be, if any is near. */
  public static Optional<String> nearest(String word, Collection<String> words) {
    Optional<String> same = same(word, words);
    if (same.isPresent()) {
      return same;
    }
    String plain = normalise(word);
    String synonym = SYNONYMS.get(plain);
    if (synonym != null && words.contains(synonym)) {
      return Optional.of(synonym);
    }
    int limit = Math.max(1, Math.min(3, plain.length() / 3));
    return words.stream()
        .filter(candidate -> distance(plain, normalise(candidate)) <= limit)
        .min(Comparator.comparingInt((String candidate) -> distance(plain, normalise(candidate))));
  }

  private static String normalise(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  /** Edits (insert, delete, replace, swap neighbours) from {@code a} to {@code b}. */
  public static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swap =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swap) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
