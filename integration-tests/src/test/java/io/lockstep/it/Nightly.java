package io.lockstep.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A proof that takes too long for every build: {@code mvn verify -Pnightly}. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = "lockstep.nightly",
    matches = "true",
    disabledReason = "runs with mvn verify -Pnightly")
@interface Nightly {}
