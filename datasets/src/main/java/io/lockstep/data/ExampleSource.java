package io.lockstep.data;

/** Where examples come from; a value, so that a plan can name it and any JVM can open it. */
public interface ExampleSource {}
