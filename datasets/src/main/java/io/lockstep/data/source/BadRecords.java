package io.lockstep.data.source;

/** What becomes of a record that cannot be used while the others can. */
public enum BadRecords {
  /** Reading ends with an error that names the place of the first one. */
  FAIL,
  /** It is left out, counted, and told. */
  SKIP
}
