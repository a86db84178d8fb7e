/**
 * Data sets that are known by name, and how they come to the user's disk.
 *
 * <p>Belongs here: the catalogue with origins, licences and hashes; download and its verification.
 * Must not come here: how files are read as examples.
 */
package io.lockstep.data.fetch;
