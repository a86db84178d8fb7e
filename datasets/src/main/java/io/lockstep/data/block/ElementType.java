package io.lockstep.data.block;

/** How the values of a field are held. The codes are part of the layout of blocks. */
public enum ElementType {
  /** One unsigned byte: images. */
  UINT8(0, 1),
  /** A 32-bit float. */
  FLOAT32(1, 4),
  /** A 64-bit float: numbers that are yet to be normalised. */
  FLOAT64(2, 8),
  /** A 32-bit integer: ids of tokens or classes. */
  INT32(3, 4);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  int code() {
    return code;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }

  static ElementType ofCode(int code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown type of values " + code);
  }
}
