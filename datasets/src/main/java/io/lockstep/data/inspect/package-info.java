/** What lies at a path, told before there is a plan: {@code lockstep datasets inspect}. */
package io.lockstep.data.inspect;
