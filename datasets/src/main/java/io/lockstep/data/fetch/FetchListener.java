package io.lockstep.data.fetch;

/** Hears how a fetch comes along; called from the thread that fetches. */
public interface FetchListener {
  /** How a file came to be there. */
  enum Outcome {
    /** It was copied or downloaded, and is right. */
    FETCHED,
    /** It was there before, and is right. */
    ALREADY_THERE
  }

  /**
   * Some bytes of {@code file} arrived.
   *
   * @param bytes so far, with those of an earlier attempt
   * @param total that are expected; -1 if unknown
   */
  void arrived(String file, long bytes, long total);

  /** {@code file} is complete and its hash is right. */
  void done(String file, Outcome outcome);

  /** Something went wrong that is being dealt with, for the user to know. */
  void trouble(String what);
}
