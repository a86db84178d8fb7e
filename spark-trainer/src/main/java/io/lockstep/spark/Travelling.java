package io.lockstep.spark;

/** A passage between JVMs, of which the number alone tells it apart from others of its run. */
@SuppressWarnings("NotJavadoc") // Error Prone loses its way after a leading sealed
sealed interface Travelling extends Passage permits ByBlocks, ByPieces {
  /** Its number among those of the run. */
  int number();

  /** Another of the same run, by its number. */
  Travelling at(int number);
}
