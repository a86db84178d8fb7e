package io.lockstep.data.source;

/** What reading all splits of a layout came to. */
public sealed interface Settlement permits Settled, ReadAgain {}
