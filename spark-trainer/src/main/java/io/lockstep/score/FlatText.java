package io.lockstep.score;

/** Several values as one text, as JSON has them. */
final class FlatText {
  private FlatText() {}

  static String of(Object[] values) {
    var text = new StringBuilder("[");
    for (Object value : values) {
      text.append(text.length() == 1 ? "" : ",");
      if (value instanceof float[] vector) {
        text.append(of(vector));
      } else if (value instanceof String word) {
        text.append('"').append(word.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      } else {
        text.append(value);
      }
    }
    return text.append(']').toString();
  }

  static String of(float[] values) {
    var text = new StringBuilder("[");
    for (float value : values) {
      text.append(text.length() == 1 ? "" : ",").append(value);
    }
    return text.append(']').toString();
  }
}
