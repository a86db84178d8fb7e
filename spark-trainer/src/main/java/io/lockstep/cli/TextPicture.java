package io.lockstep.cli;

import io.lockstep.data.block.Block;
import java.util.ArrayList;
import java.util.List;

/** An image as text: two pixels per character, one above the other. */
final class TextPicture {
  private static final int MAX_WIDTH = 64;
  private static final String ASCII = " .:-=+*#%@";

  private final int width;
  private final int height;
  private final int channels;
  private final float[] values;

  /**
   * @param values {@code [channels, height, width]}, 0 dark to 1 bright
   */
  private TextPicture(int channels, int height, int width, float[] values) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.values = values;
  }

  /** Whether examples of this shape are images that can be drawn. */
  static boolean canDraw(List<Integer> shape) {
    return shape.size() == 3
        && (shape.get(0) == 1 || shape.get(0) == 3)
        && shape.get(1) > 1
        && shape.get(1) <= 4096
        && shape.get(2) > 1
        && shape.get(2) <= 4096;
  }

  /** Makes a picture of {@code row}, its values being between {@code dark} and {@code bright}. */
  static TextPicture of(Block block, int row, double dark, double bright) {
    List<Integer> shape = block.schema().inputs().get(0).shape();
    float[] values = new float[block.schema().inputs().get(0).width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) block.values(0).at(block.from(0, row) + i);
    }
    double range = bright > dark ? bright - dark : 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((values[i] - dark) / range);
    }
    int step = (shape.get(2) + MAX_WIDTH - 1) / MAX_WIDTH;
    return new TextPicture(shape.get(0), shape.get(1), shape.get(2), values).shrunk(step);
  }

  /** Characters of one line. */
  int columns() {
    return width;
  }

  /** Means of squares of {@code step x step} pixels. */
  private TextPicture shrunk(int step) {
    if (step == 1) {
      return this;
    }
    int smallHeight = Math.max(1, height / step);
    int smallWidth = Math.max(1, width / step);
    float[] small = new float[channels * smallHeight * smallWidth];
    for (int i = 0; i < small.length; i++) {
      int x = i % smallWidth;
      int y = i / smallWidth % smallHeight;
      int channel = i / smallWidth / smallHeight;
      float sum = 0;
      for (int dy = 0; dy < step; dy++) {
        for (int dx = 0; dx < step; dx++) {
          sum += at(channel, y * step + dy, x * step + dx);
        }
      }
      small[i] = sum / (step * step);
    }
    return new TextPicture(channels, smallHeight, smallWidth, small);
  }

  private float at(int channel, int y, int x) {
    return y < height && x < width ? values[(channel * height + y) * width + x] : 0;
  }

  private float brightness(int y, int x) {
    float sum = 0;
    for (int channel = 0; channel < channels; channel++) {
      sum += at(channel, y, x);
    }
    return sum / channels;
  }

  /** Returns the lines, each {@link #columns} characters wide on screen. */
  List<String> lines(Terminal terminal) {
    List<String> lines = new ArrayList<>();
    for (int y = 0; y < height; y += 2) {
      StringBuilder line = new StringBuilder();
      for (int x = 0; x < width; x++) {
        line.append(cell(terminal, y, x));
      }
      lines.add(terminal.color() && terminal.unicode() ? line + "\033[0m" : line.toString());
    }
    return lines;
  }

  private String cell(Terminal terminal, int y, int x) {
    if (!terminal.unicode()) {
      float mean = (brightness(y, x) + brightness(y + 1, x)) / 2;
      return String.valueOf(ASCII.charAt(Math.min(ASCII.length() - 1, (int) (mean * 10))));
    }
    if (terminal.color()) {
      return "\033[38;2;" + rgb(y, x) + "m\033[48;2;" + rgb(y + 1, x) + "m▀";
    }
    boolean upper = brightness(y, x) >= 0.5f;
    boolean lower = brightness(y + 1, x) >= 0.5f;
    if (upper) {
      return lower ? "█" : "▀";
    }
    return lower ? "▄" : " ";
  }

  private String rgb(int y, int x) {
    StringBuilder rgb = new StringBuilder();
    for (int part = 0; part < 3; part++) {
      float value = at(channels == 3 ? part : 0, y, x);
      rgb.append(part == 0 ? "" : ";").append(Math.round(255 * Math.min(1, Math.max(0, value))));
    }
    return rgb.toString();
  }
}
