package io.lockstep.data.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import io.lockstep.data.text.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A vocabulary is the same however its text was cut and its parts were merged. */
class VocabularyFitTest {
  private static final Schema SCHEMA =
      new Schema(List.of(Field.sequence("text", ElementType.UINT8)), List.of(), false, false);

  private static Block block(int firstId, List<String> texts) {
    var builder = new BlockBuilder(SCHEMA, texts.size());
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      builder.begin(firstId++);
      builder.put(0, bytes, 0, bytes.length);
      builder.end();
    }
    return builder.build();
  }

  private static TextOptions options(Unit unit, int maxTokens, int minCount) {
    return new TextOptions(
        new Tokenizer(unit, Standardize.NONE, Unicode.NFC),
        maxTokens,
        minCount,
        TextOptions.WHOLE,
        false);
  }

  private static Vocabulary fit(VocabularyFit fit, List<String> texts, int perSplit) {
    List<Fit.Part> parts = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += perSplit) {
      List<String> own = texts.subList(from, Math.min(texts.size(), from + perSplit));
      fit.collect(from / perSplit, List.of(block(from, own)).iterator(), id -> id % 5 != 0)
          .forEachRemaining(part -> parts.add(0, part));
    }
    return fit.finish(
        IntStream.range(0, fit.buckets())
            .mapToObj(
                bucket -> fit.merge(parts.stream().filter(p -> p.bucket() == bucket).iterator()))
            .toList());
  }

  /** The words of examples that are not held out, counted with a map. */
  private static List<String> oracle(List<String> texts, int maxTokens, int minCount) {
    Map<String, Integer> counts = new HashMap<>();
    for (int id = 0; id < texts.size(); id++) {
      if (id % 5 != 0) {
        for (String word : texts.get(id).split(" ", -1)) {
          counts.merge(word, 1, Integer::sum);
        }
      }
    }
    return counts.entrySet().stream()
        .filter(each -> each.getValue() >= minCount)
        .sorted(
            Comparator.comparingInt((Map.Entry<String, Integer> each) -> -each.getValue())
                .thenComparing(
                    each ->
                        each.getKey()
                            .codePoints()
                            .mapToObj("%08x"::formatted)
                            .collect(Collectors.joining())))
        .limit(maxTokens - 2)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> texts() {
    var random = new SplittableRandom(3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 97; i++) {
      texts.add(
          IntStream.range(0, 1 + random.nextInt(20))
              .mapToObj(
                  word -> {
                    int which = (int) Math.pow(random.nextDouble() * 7, 3);
                    return which % 9 == 0 ? Character.toString(0x1F600 + which) : "\uFF21w" + which;
                  })
              .collect(Collectors.joining(" ")));
    }
    return texts;
  }

  @Test
  void isTheSameWhateverThePartitions() {
    List<String> texts = texts();
    for (int maxTokens : new int[] {5, 40, 10_000}) {
      for (int minCount : new int[] {1, 3}) {
        List<String> wanted = oracle(texts, maxTokens, minCount);
        assertThat(wanted.size()).isGreaterThan(2);
        for (int perSplit : new int[] {1, 7, 1000}) {
          for (int buckets : new int[] {1, 3, 64}) {
            var fit = new VocabularyFit(options(Unit.WORD, maxTokens, minCount), buckets);
            assertThat(fit(fit, texts, perSplit).tokens()).isEqualTo(wanted);
          }
        }
      }
    }
  }

  @Test
  void charactersBeyondTheFirstPlaneAreCountedLikeOthers() {
    List<String> texts = List.of("held out", "😀b😀", "a😀b", "\uFF21");
    var fit = new VocabularyFit(options(Unit.CHARACTER, 100, 1), 2);
    assertThat(fit(fit, texts, 2).tokens()).containsExactly("😀", "b", "a", "\uFF21");
  }

  @Test
  void aVocabularyOfNothingIsRefused() {
    var fit = new VocabularyFit(options(Unit.WORD, 100, 9), 2);
    assertThatThrownBy(() -> fit(fit, List.of("x", "a b", "b c"), 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no token comes 9 times");
  }
}
