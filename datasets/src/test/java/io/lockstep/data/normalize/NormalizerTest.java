package io.lockstep.data.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.block.Values;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NormalizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void identityLeavesFeaturesAlone() {
    float[] values = {1, 2, 3};
    new Normalizer.Identity().apply(values, 0, 1, 3);
    assertThat(values).containsExactly(1, 2, 3);
  }

  @Test
  void pixelsBecomeZeroToOne() {
    float[] values = {9, 0, 255, 51, 9};
    new Normalizer.PixelScaling().apply(values, 1, 3, 1);
    assertThat(values).containsExactly(9, 0, 1, 0.2f, 9);
  }

  @Test
  void standardisedFeaturesHaveMeanZeroAndDeviationOne() {
    Block block = column(1, 2, 3, 4, 10);
    Standardization fitted = fit(block);
    assertThat(fitted.mean()).containsExactly(4);
    assertThat(fitted.deviation()[0]).isCloseTo(Math.sqrt(10), within(1e-12));
    float[] values = {1, 2, 3, 4, 10};
    fitted.apply(values, 0, 5, 1);
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += value * value;
    }
    assertThat(sum).isCloseTo(0, within(1e-6));
    assertThat(squares / 5).isCloseTo(1, within(1e-6));
  }

  @Test
  void largeOffsetsDoNotDrownTheDeviation() {
    // The textbook formula E[x^2] - E[x]^2 in floats would give 0 or NaN here.
    Standardization fitted = fit(column(10_000_001, 10_000_002, 10_000_003));
    assertThat(fitted.deviation()[0]).isCloseTo(Math.sqrt(2 / 3.0), within(1e-9));
  }

  @Test
  void constantFeaturesBecomeZero() {
    Standardization.Fit fit = new Standardization.Fit(1);
    add(fit, column(0.1f, 0.1f, 0.1f));
    add(fit, column(0.1f));
    float[] values = {0.1f, 0.2f};
    fit.finish().apply(values, 0, 2, 1);
    assertThat(values[0]).isZero();
    assertThat(values[1]).isCloseTo(0.1f, within(1e-6f));
  }

  @Test
  void partsMergedInOrderAgreeWithTheWhole() {
    Block all = rows(100);
    Standardization whole = fit(all);
    Standardization.Fit merged = new Standardization.Fit(3);
    for (int from = 0; from < 100; from += 13) {
      Standardization.Fit part = new Standardization.Fit(3);
      add(part, all.select(IntStream.range(from, Math.min(100, from + 13)).toArray()));
      merged.merge(part);
    }
    merged.merge(new Standardization.Fit(3));
    assertThat(merged.count()).isEqualTo(100);
    for (int i = 0; i < 3; i++) {
      assertThat(merged.finish().mean()[i]).isCloseTo(whole.mean()[i], within(1e-12));
      assertThat(merged.finish().deviation()[i]).isCloseTo(whole.deviation()[i], within(1e-12));
    }
  }

  @Test
  void fitTravels() throws IOException {
    Standardization.Fit fit = new Standardization.Fit(3);
    add(fit, rows(17));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    fit.writeTo(new DataOutputStream(bytes));
    Standardization.Fit read = Standardization.Fit.readFrom(input(bytes), 3);
    assertThat(read.count()).isEqualTo(17);
    assertThat(read.finish()).isEqualTo(fit.finish());
    assertThatThrownBy(() -> Standardization.Fit.readFrom(input(bytes), 4))
        .isInstanceOf(IOException.class)
        .hasMessage("fit of 3 features, expected 4");
  }

  private static DataInputStream input(ByteArrayOutputStream bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }

  @Test
  void jsonIsReadBackExactly() throws IOException {
    for (Normalizer normalizer :
        List.of(new Normalizer.Identity(), new Normalizer.PixelScaling(), fit(rows(9)))) {
      String text = JSON.writeValueAsString(normalizer.toJson());
      assertThat(Normalizer.fromJson(JSON.readTree(text))).isEqualTo(normalizer);
      assertThat(text).doesNotContain("io.lockstep");
    }
  }

  @Test
  void jsonIsTheSameForEver() {
    assertThat(new Normalizer.PixelScaling().toJson())
        .hasToString("{\"kind\":\"scale\",\"version\":1}");
    assertThat(fit(column(1, 3)).toJson())
        .hasToString("{\"kind\":\"standardize\",\"version\":1,\"mean\":[2.0],\"deviation\":[1.0]}");
  }

  @Test
  void jsonFromElsewhereIsRefused() {
    assertRefused("{}", "version");
    assertRefused("{'kind':'scale','version':2}", "version 2, this Lockstep reads version 1");
    assertRefused("{'kind':'java.lang.Runtime','version':1}", "Unknown normaliser kind");
    assertRefused("{'kind':'standardize','version':1}", "0 means");
    assertRefused("{'kind':'standardize','version':1,'mean':[1],'deviation':[]}", "0 deviations");
    assertRefused("{'kind':'standardize','version':1,'mean':[1],'deviation':[0]}", "above 0");
    assertRefused("{'kind':'standardize','version':1,'mean':['x'],'deviation':[1]}", "\"x\"");
    assertRefused("{'kind':'standardize','version':1,'mean':[1e999],'deviation':[1]}", "finite");
  }

  private static void assertRefused(String json, String expected) {
    assertThatThrownBy(() -> Normalizer.fromJson(JSON.readTree(json.replace('\'', '"'))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void otherDataThanItWasFittedOnIsRefused() {
    Standardization fitted = fit(rows(5));
    assertThat(fitted.features()).contains(3);
    assertThatThrownBy(() -> fitted.apply(new float[4], 0, 1, 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("4 features, but the normaliser was fitted on 3");
  }

  @Test
  void nothingToFitOnIsTheUsersMistake() {
    assertThatThrownBy(() -> new Standardization.Fit(3).finish())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> fit(column(1, Float.NaN)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Feature 0");
  }

  private static Standardization fit(Block block) {
    Standardization.Fit fit = new Standardization.Fit(block.schema().inputs().get(0).width());
    add(fit, block);
    return fit.finish();
  }

  private static void add(Standardization.Fit fit, Block block) {
    for (int row = 0; row < block.size(); row++) {
      fit.add(block, 0, row);
    }
  }

  private static Block column(float... values) {
    return block(1, values);
  }

  /** {@code size} rows of 3 features that count upwards. */
  private static Block rows(int size) {
    float[] features = new float[size * 3];
    for (int i = 0; i < features.length; i++) {
      features[i] = i * 0.5f - 1;
    }
    return block(3, features);
  }

  private static Block block(int width, float... values) {
    Schema schema =
        Schema.of(Field.of("x", ElementType.FLOAT32, width), Field.of("class", ElementType.INT32));
    int size = values.length / width;
    return Block.of(
        schema, new long[size], new Values.Floats(values), new Values.Ints(new int[size]));
  }
}
