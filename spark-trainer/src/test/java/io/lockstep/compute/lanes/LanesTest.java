package io.lockstep.compute.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanesTest {
  private final Lanes fast = Lanes.best();
  private final Lanes plain = new PlainLanes("plain Java");

  /** Else the comparisons below would compare plain Java with itself, and nobody would notice. */
  @Test
  void theTestsRunWithVectorsWhereTheProcessorHasThem() {
    assumeTrue(avx() >= 2, "this processor has no AVX2: comparing plain Java with itself");
    assertThat(fast.description()).isEqualTo("256-bit vectors");
  }

  private static int avx() {
    try {
      return Integer.parseInt(
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
              .getVMOption("UseAVX")
              .getValue());
    } catch (IllegalArgumentException e) {
      return 0; // the JVM of another processor
    }
  }

  @ParameterizedTest
  @CsvSource({"8,1,1", "8,3,4", "16,5,7", "24,9,8", "32,13,5", "40,64,17", "48,2,66", "16,600,12"})
  void productsHaveTheSameBits(int width, int depth, int columns) {
    float[] a = random(depth * width, 1);
    Panels panels = new Panels();
    panels.pack(random(depth * columns, 2), depth, columns);
    float[] c = random(columns * width + 3, 3);
    float[] expected = c.clone();
    fast.multiplyAdd(new Block(a, 0, width), panels, new Block(c, 3, width));
    plain.multiplyAdd(new Block(a, 0, width), panels, new Block(expected, 3, width));
    assertThat(c).isEqualTo(expected);
    float[] start = random(columns, 4);
    fast.multiply(new Block(a, 0, width), panels, start, new Block(c, 3, width));
    plain.multiply(new Block(a, 0, width), panels, start, new Block(expected, 3, width));
    assertThat(c).isEqualTo(expected);
  }

  /** Whether the lanes of a vector are examples or units changes no bit; nor does the padding. */
  @ParameterizedTest
  @CsvSource({"1,1,1", "3,4,4", "5,8,1", "9,64,1", "7,65,1", "64,72,4", "13,300,3", "300,128,2"})
  void productsOfOneExampleHaveTheSameBits(int depth, int columns, int parts) {
    float[] a = random(depth + 2, 1);
    float[] matrix = random(depth * columns + 3, 2);
    float[] start = random(columns, 3);
    Panels panels = new Panels();
    panels.pack(matrix, 3, depth, columns);
    float[] wide = new float[depth * 8];
    for (int k = 0; k < depth; k++) {
      wide[k * 8] = a[2 + k];
    }
    float[] sums = new float[columns * 8];
    plain.multiply(new Block(wide, 0, 8), panels, start, new Block(sums, 0, 8));
    Strips strips = new Strips(matrix, 3, depth, columns, parts);
    for (Lanes lanes : List.of(fast, plain)) {
      float[] to = new float[8 + strips.columns()];
      System.arraycopy(Strips.padded(start, 0, columns, parts), 0, to, 8, strips.columns());
      lanes.multiplyAdd(a, 2, strips, to, 8);
      int part = columns / parts;
      for (int column = 0; column < columns; column++) {
        int at = 8 + column / part * Lanes.width(part) + column % part;
        assertThat(to[at]).isEqualTo(sums[column * 8]);
        to[at] = 0;
      }
      assertThat(to).containsOnly(0);
    }
  }

  @Test
  void aPackedTransposeIsTheTranspose() {
    int rows = 7;
    int columns = 5;
    float[] matrix = random(rows * columns, 1);
    float[] turned = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[i * columns + j] = matrix[j * rows + i];
      }
    }
    Panels direct = new Panels();
    direct.pack(turned, columns, rows);
    Panels transposed = new Panels();
    transposed.packTransposed(matrix, columns, rows);
    assertThat(transposed.data()).isEqualTo(direct.data());
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,8,1",
    "3,3,16,1",
    "4,5,24,3",
    "16,6,8,2",
    "25,7,8,40",
    "50,2,40,9",
    "40,19,264,2"
  })
  void sumsOverTimeHaveTheSameBits(int rows, int columns, int width, int count) {
    Steps x = new Steps(random(rows * width * count + 3, 1), 3, rows, width, count);
    Steps g = new Steps(random(columns * width * count + 5, 2), 5, columns, width, count);
    float[] out = random(rows * columns, 3);
    float[] expected = new float[rows * columns];
    fast.products(x, g, out);
    plain.products(x, g, expected);
    assertThat(out).isEqualTo(expected);
    float[] sums = new float[columns];
    float[] expectedSums = new float[columns];
    fast.sums(g, sums);
    plain.sums(g, expectedSums);
    assertThat(sums).isEqualTo(expectedSums);
  }

  @Test
  void stepsOfAnLstmHaveTheSameBits() {
    LstmTape tape = tape();
    LstmTape expected = tape();
    float[] cell = random(tape.block(), 7);
    float[] expectedCell = cell.clone();
    Block error = new Block(random(tape.block(), 8), 0, 8);
    for (int step = 0; step < 2; step++) {
      fast.lstmForward(tape, step);
      plain.lstmForward(expected, step);
    }
    for (int step = 1; step >= 0; step--) {
      fast.lstmBackward(tape, step, error, cell);
      plain.lstmBackward(expected, step, error, expectedCell);
    }
    assertThat(tape.outputs()).isEqualTo(expected.outputs());
    assertThat(tape.cells()).isEqualTo(expected.cells());
    assertThat(tape.squashed()).isEqualTo(expected.squashed());
    assertThat(tape.gates()).isEqualTo(expected.gates());
    assertThat(cell).isEqualTo(expectedCell);
  }

  private static LstmTape tape() {
    int block = 24;
    float[] squashed = new float[2 * block];
    return new LstmTape(
        random(8 * block, 1),
        random(3 * block, 2),
        squashed,
        squashed,
        random(3 * block, 3),
        block,
        true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stepsOfAGruHaveTheSameBits(boolean resetAfter) {
    for (int block : new int[] {8, 24, 520, 1032}) {
      GruTape tape = gru(block, resetAfter);
      GruTape expected = gru(block, resetAfter);
      float[] errors = random(3 * block, 7);
      float[] expectedErrors = errors.clone();
      float[] passed = random(block, 8);
      for (int step = 0; step < 2; step++) {
        fast.gruReset(tape, step);
        plain.gruReset(expected, step);
        fast.gruOutput(tape, step);
        plain.gruOutput(expected, step);
      }
      assertThat(tape.gates()).isEqualTo(expected.gates());
      assertThat(tape.recurrent()).isEqualTo(expected.recurrent());
      assertThat(tape.outputs()).isEqualTo(expected.outputs());
      for (int step = 1; step >= 0; step--) {
        back(fast, tape, step, errors, passed);
        back(plain, expected, step, expectedErrors, passed);
      }
      assertThat(tape.gates()).isEqualTo(expected.gates());
      assertThat(tape.recurrent()).isEqualTo(expected.recurrent());
      assertThat(errors).isEqualTo(expectedErrors);
    }
  }

  private static void back(Lanes lanes, GruTape tape, int step, float[] errors, float[] passed) {
    Block before = new Block(errors, step * tape.block(), 8);
    lanes.gruOutputBackward(tape, step, new Block(errors, (step + 1) * tape.block(), 8), before);
    lanes.gruResetBackward(tape, step, passed, before);
  }

  private static GruTape gru(int block, boolean resetAfter) {
    return new GruTape(
        random(6 * block, 1), random(2 * block, 2), random(3 * block, 3), block, resetAfter, true);
  }

  /** A part of the units of each step, as if they stood alone. */
  @Test
  void sumsOverTimeMayTakeAPartOfEachStep() {
    int width = 16;
    int count = 5;
    float[] all = random(9 * width * count, 1);
    float[] part = new float[4 * width * count];
    for (int step = 0; step < count; step++) {
      System.arraycopy(all, (step * 9 + 3) * width, part, step * 4 * width, 4 * width);
    }
    Steps x = new Steps(random(7 * width * count, 2), 0, 7, width, count);
    float[] out = new float[28];
    float[] expected = new float[28];
    for (Lanes lanes : List.of(fast, plain)) {
      lanes.products(x, new Steps(all, 3 * width, 9, 4, width, count), out);
      lanes.products(x, new Steps(part, 0, 4, width, count), expected);
      assertThat(out).isEqualTo(expected);
      lanes.sums(new Steps(all, 3 * width, 9, 4, width, count), out);
      lanes.sums(new Steps(part, 0, 4, width, count), expected);
      assertThat(out).isEqualTo(expected);
    }
  }

  @Test
  void softmaxHasTheSameBitsAndSumsToOne() {
    float[] values = random(5 * 16, 1);
    values[3] = 1000f;
    values[20] = -1000f;
    float[] expected = values.clone();
    fast.softmax(new Block(values, 0, 16), 5);
    plain.softmax(new Block(expected, 0, 16), 5);
    assertThat(values).isEqualTo(expected);
    for (int lane = 0; lane < 16; lane++) {
      double sum = 0;
      for (int unit = 0; unit < 5; unit++) {
        sum += values[unit * 16 + lane];
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 19})
  void softmaxOfOneExampleHasTheSameBits(int units) {
    float[] values = random(24, 1);
    values[0] = 50f;
    float[] wide = new float[units * 8];
    for (int unit = 0; unit < units; unit++) {
      wide[unit * 8] = values[unit];
    }
    plain.softmax(new Block(wide, 0, 8), units);
    for (Lanes lanes : List.of(fast, plain)) {
      float[] own = values.clone();
      lanes.softmax(own, units);
      for (int unit = 0; unit < units; unit++) {
        assertThat(own[unit]).isEqualTo(wide[unit * 8]);
      }
    }
  }

  @Test
  void tanhAndExpAreAccurate() {
    float[] values = new float[8];
    for (float x = -20f; x < 20f; x += 0.00137f) {
      values[0] = x;
      fast.tanh(values, 0, 8);
      assertThat(Squash.tanh(x)).isEqualTo(values[0]);
      assertThat((double) values[0]).isCloseTo(Math.tanh(x), within(4e-7 * Math.abs(Math.tanh(x))));
      float power = -4 * Math.abs(x);
      assertThat((double) Squash.exp(power))
          .isCloseTo(Math.exp(power), within(3e-7 * Math.exp(power)));
    }
  }

  @Test
  void whatIsNotANumberStaysNotANumber() {
    float[] values = {Float.NaN, 1, 2, 3, 4, 5, 6, 7};
    fast.tanh(values, 0, 8);
    assertThat(values[0]).isNaN();
    assertThat(Squash.tanh(Float.NaN)).isNaN();
  }

  private static float[] random(int length, int seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
