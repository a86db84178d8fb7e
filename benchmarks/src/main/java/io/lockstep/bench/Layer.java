package io.lockstep.bench;

/**
 * A layer of a benchmarked network, from which every contender builds its own.
 *
 * <p>Images are {@code [channels, height, width]} with square sides, sequences {@code [features,
 * time]}; the floating-point operations counted are the multiplications and additions of the matrix
 * products, per example.
 */
sealed interface Layer {
  /**
   * What flows between layers; a flat vector has {@code side} 1, anything but a sequence time 1.
   */
  record Shape(int width, int side, int time) {
    int size() {
      return width * side * side * time;
    }
  }

  Shape output(Shape input);

  /** Parameters as DL4J counts them: one bias for each unit. */
  long parameters(Shape input);

  /** Operations of the forward pass. */
  long flops(Shape input);

  /** Convolution without padding, stride 1. */
  record Convolution(int filters, int kernel, boolean relu) implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape(filters, input.side() - kernel + 1, 1);
    }

    @Override
    public long parameters(Shape input) {
      return (long) filters * (input.width() * kernel * kernel + 1);
    }

    @Override
    public long flops(Shape input) {
      return 2L * input.width() * kernel * kernel * output(input).size();
    }
  }

  /** Max pooling of 2x2 with stride 2; an odd last row and column are dropped. */
  record MaxPooling() implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape(input.width(), input.side() / 2, 1);
    }

    @Override
    public long parameters(Shape input) {
      return 0;
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }
  }

  /** Fully connected, with ReLU. */
  record Dense(int units) implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape(units, 1, 1);
    }

    @Override
    public long parameters(Shape input) {
      return (long) units * (input.size() + 1);
    }

    @Override
    public long flops(Shape input) {
      return 2L * units * input.size();
    }
  }

  /** Rows of a table, looked up by token. */
  record Embedding(int tokens, int units) implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape(units, 1, input.time());
    }

    @Override
    public long parameters(Shape input) {
      return (long) tokens * units;
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }
  }

  /**
   * Long short-term memory.
   *
   * @param last whether only the last time step goes on
   */
  record Lstm(int units, boolean last) implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape(units, 1, last ? 1 : input.time());
    }

    @Override
    public long parameters(Shape input) {
      return 4L * units * (input.width() + units + 1);
    }

    @Override
    public long flops(Shape input) {
      return 2L * 4 * units * (input.width() + units) * input.time();
    }
  }

  /** A gated recurrent unit, the reset gate after the product, with a bias for each product. */
  record Gru(int units) implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape(units, 1, input.time());
    }

    @Override
    public long parameters(Shape input) {
      return 3L * units * (input.width() + units + 2);
    }

    @Override
    public long flops(Shape input) {
      return 2L * 3 * units * (input.width() + units) * input.time();
    }
  }

  /** Two LSTMs, one of which goes backwards, side by side. */
  record BidirectionalLstm(int units) implements Layer {
    private Lstm one() {
      return new Lstm(units, false);
    }

    @Override
    public Shape output(Shape input) {
      return new Shape(2 * units, 1, input.time());
    }

    @Override
    public long parameters(Shape input) {
      return 2 * one().parameters(input);
    }

    @Override
    public long flops(Shape input) {
      return 2 * one().flops(input);
    }
  }

  /** Fully connected with softmax and cross-entropy, at every time step. */
  record Softmax(int classes) implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape(classes, 1, input.time());
    }

    @Override
    public long parameters(Shape input) {
      return (long) classes * (input.width() * input.side() * input.side() + 1);
    }

    @Override
    public long flops(Shape input) {
      return 2L * classes * input.size();
    }
  }
}
